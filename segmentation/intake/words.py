"""Header words that shops use, in English, German, French, Spanish, Italian and Dutch."""

from __future__ import annotations

_WORDS = """
email: email, e mail, customer email, email address, e mail address, billing email, contact email, mail, e mail
    adresse, email adresse, kunden email, adresse email, adresse e mail, courriel, correo, correo electronico,
    indirizzo email, posta elettronica, e mailadres, emailadres
customer: customer id, customerid, customer number, customer no, customer, client id, client, user id, userid, buyer
    id, buyer, shopper id, member id, account id, household id, household key, cust id, customer code, customer key,
    customer reference id, contact id, person id, kundennummer, kunden nr, kundennr, kunde, kunden id, kundenid,
    numero client, no client, n client, id client, code client, cliente, id cliente, codigo cliente, numero cliente,
    codice cliente, cliente id, klant, klantnummer, klant id, klantnr, customer name, kundenname, user, account,
    member
order: order id, orderid, order number, order no, order, order name, invoice id, invoice number, invoice no,
    invoiceno, invoice, transaction id, basket id, receipt id, receipt number, receipt, sale id, sales order,
    purchase id, order reference, document number, transaction, bestellnummer, bestell nr, bestellung, bestell id,
    auftragsnummer, auftrag, rechnungsnummer, rechnung, belegnummer, beleg, numero de commande, numero commande, no
    commande, commande, id commande, facture, numero facture, pedido, numero de pedido, id pedido, factura, numero
    ordine, ordine, id ordine, fattura, bestelling, bestelnummer, ordernummer, factuurnummer
line: line id, order line id, order item id, line item id, item id, lineitem id, row id, line number, line no, order
    line, position, pos, positionsnummer, zeilennummer, numero de ligne, id ligne, linea, id linea, numero linea,
    riga, id riga, regel, regelnummer
date: order date, orderdate, ordered at, ordered on, created at, order created at, purchase date, date of order,
    invoice date, invoicedate, transaction date, transaction timestamp, sale date, sold at, paid at, date, order
    time, order datetime, datetime, timestamp, day, created, bestelldatum, auftragsdatum, rechnungsdatum, kaufdatum,
    belegdatum, datum, date de commande, date commande, date de la commande, date facture, date d achat, fecha,
    fecha de pedido, fecha pedido, fecha de compra, fecha factura, data ordine, data, data acquisto, data fattura,
    besteldatum, orderdatum, factuurdatum
amount: line total, linetotal, line amount, line revenue, net sales, sales amount, sales value, total price,
    extended price, line price, item total, amount, revenue, order total, total amount, grand total, total, sales,
    turnover, net amount, gross sales, net revenue, spend, net, gross, value, subtotal, zeilensumme, positionssumme,
    wert, warenwert,
    gesamtpreis, gesamtbetrag, umsatz, betrag, summe, gesamt, nettobetrag, bruttobetrag, montant, montant ligne,
    total ligne, montant total, prix total, chiffre d affaires, importe, importe total, total linea, monto, precio
    total, ventas, importo, importo totale, totale riga, totale, prezzo totale, fatturato, ricavo, regeltotaal,
    bedrag, totaalbedrag, totaal, omzet, totaalprijs
quantity: quantity, qty, units, pieces, item quantity, lineitem quantity, quantity ordered, items sold, number of
    items, number of, count, menge, anzahl, stueck, stuck, stueckzahl, quantite, qte, nombre, cantidad, unidades,
    quantita, qta, pezzi, aantal, hoeveelheid, stuks
unit_price: unit price, unitprice, price per unit, item price, lineitem price, price, price each, product price,
    einzelpreis, stueckpreis, stuckpreis, preis, preis pro stueck, prix unitaire, prix, precio unitario, precio,
    prezzo unitario, prezzo, stukprijs, eenheidsprijs, prijs
discount: discount, discount amount, line discount, lineitem discount, total discount, discounts, rabatt,
    rabattbetrag, nachlass, remise, montant remise, reduction, descuento, importe descuento, sconto, importo sconto,
    korting, kortingsbedrag
unit_cost: unit cost, cost per unit, cost price, cost, product cost, item cost, purchase price, cogs, einkaufspreis,
    ek preis, ek, selbstkosten, stueckkosten, cout unitaire, cout, prix d achat, coste unitario, coste, costo
    unitario, costo, precio de compra, prezzo d acquisto, kostprijs, inkoopprijs
currency: currency, currency code, order currency, waehrung, wahrung, devise, moneda, divisa, valuta, munt
product: product, product name, item, item name, lineitem name, product title, article, title, description, product
    description, stock code, stockcode, sku, product id, item sku, product sku, artikel, artikelname, produkt,
    produktname, bezeichnung, artikelbezeichnung, artikelnummer, produit, nom du produit, designation, producto,
    nombre del producto, articulo, descripcion, prodotto, nome prodotto, articolo, descrizione, productnaam,
    artikelnaam, omschrijving
category: category, product category, product type, department, item category, product group, collection, kategorie,
    produktkategorie, warengruppe, produktgruppe, categorie, categorie produit, rayon, categoria, categoria
    producto, categoria prodotto, reparto, productgroep, productcategorie
channel: channel, sales channel, order source, source, store type, platform, point of sale, location, store, store
    id, vertriebskanal, verkaufskanal, kanal, filiale, canal, canal de vente, magasin, canal de venta, tienda,
    canale, canale di vendita, negozio, kanaal, verkoopkanaal, winkel
status: status, order status, financial status, payment status, state, order state, bestellstatus, auftragsstatus,
    statut, statut commande, etat, estado, estado del pedido, stato, stato ordine, orderstatus, bestelstatus
refund: refund, is refund, refunded, is return, return, returned, event type, transaction type, sale or refund, line
    type, retoure, erstattung, gutschrift, ist retoure, remboursement, retour, est retour, reembolso, devolucion,
    rimborso, reso, terugbetaling
consent: accepts marketing, marketing consent, email marketing consent, accepts email marketing, consent, email
    consent, opt in, optin, newsletter, newsletter opt in, subscribed, marketing opt in, newsletter anmeldung,
    einwilligung, werbeeinwilligung, marketing einwilligung, consentement, accepte le marketing, abonne newsletter,
    consentimiento, acepta marketing, boletin, consenso, consenso marketing, accetta marketing, toestemming,
    marketing toestemming, nieuwsbrief
"""


def _read(text: str) -> dict[str, tuple[str, ...]]:
    meanings: dict[str, str] = {}
    last = ""
    for line in text.strip().splitlines():
        if not line.startswith(" "):
            last, _, line = line.partition(":")
        meanings[last] = meanings.get(last, "") + line
    return {meaning: tuple(" ".join(word.split()) for word in words.split(",")) for meaning, words in meanings.items()}


HEADER_WORDS = _read(_WORDS)
"""For each meaning whole headers, best first, as `guessing.plain` leaves them: lower case, no accents."""
