"""Header words that shops use, in English, German, French, Spanish, Italian, Portuguese and Dutch."""

from __future__ import annotations

import re
import unicodedata

_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l"})
_TWO_LETTERS = str.maketrans({"ä": "a", "ö": "o", "ü": "u"})
_WORDS = """
email: email, e mail, customer email, email address, e mail address, billing email, contact email, mail, e mail
    adresse, email adresse, kunden email, adresse email, adresse e mail, courriel, correo, correo electronico,
    indirizzo email, posta elettronica, e mailadres, emailadres, e mail do cliente, email do cliente, correio
    eletronico, endereco de email, email client, email cliente, mail client, klant email, e mail klant, courriel
    client
customer: customer id, customerid, customer number, customer no, customer, client id, client, user id, userid, buyer
    id, buyer, shopper id, member id, account id, household id, household key, cust id, customer code, customer key,
    customer reference id, contact id, person id, kundennummer, kunden nr, kundennr, kunde, kunden id, kundenid,
    numero client, no client, n client, id client, code client, cliente, id cliente, codigo cliente, numero cliente,
    codice cliente, cliente id, klant, klantnummer, klant id, klantnr, user, account, member, id do cliente, codigo
    do cliente, numero do cliente, n de cliente, numero de cliente, id de cliente, comprador, acheteur, acquirente,
    koper, kaufer, debitor, debitornummer
order: order id, orderid, order number, order no, order, order name, invoice id, invoice number, invoice no,
    invoiceno, invoice, transaction id, basket id, receipt id, receipt number, receipt, sale id, sales order,
    purchase id, order reference, document number, transaction, bestellnummer, bestell nr, bestellung, bestell id,
    auftragsnummer, auftrag, rechnungsnummer, rechnung, belegnummer, beleg, numero de commande, numero commande, no
    commande, commande, id commande, facture, numero facture, pedido, numero de pedido, id pedido, factura, numero
    ordine, ordine, id ordine, fattura, bestelling, bestelnummer, ordernummer, factuurnummer, id do pedido, numero
    do pedido, encomenda, numero da encomenda, id da encomenda, fatura, numero da fatura, nota fiscal, ordre, order
    ref, bon, bonnummer, bon nr, bonnr, ticket, ticket number, ticket no, numero de factura, id de pedido, n commande, n de commande, auftragsnr, auftrags nr,
    bestellnr, rechnungsnr, rechnungs nr, belegnr, beleg nr, bestelnr, ordernr, factuurnr, n facture, n de facture,
    n ordine, n pedido, n de pedido, n factura
line: line id, order line id, order item id, line item id, item id, lineitem id, row id, line number, line no, order
    line, position, pos, positionsnummer, zeilennummer, numero de ligne, id ligne, linea, id linea, numero linea,
    riga, id riga, regel, regelnummer, linha, id da linha, numero da linha, line item, linha do pedido
date: order date, orderdate, ordered at, ordered on, created at, order created at, purchase date, date of order,
    invoice date, invoicedate, transaction date, transaction timestamp, sale date, sold at, paid at, date, order
    time, order datetime, datetime, timestamp, day, created, bestelldatum, auftragsdatum, rechnungsdatum, kaufdatum,
    belegdatum, datum, date de commande, date commande, date de la commande, date facture, date d achat, fecha,
    fecha de pedido, fecha pedido, fecha de compra, fecha factura, data ordine, data, data acquisto, data fattura,
    besteldatum, orderdatum, factuurdatum, data do pedido, data da compra, data da encomenda, data da fatura, data
    de compra, data hora, date heure, fecha hora, kaufzeitpunkt, datum uhrzeit, purchased at, transaction time
amount: line total, linetotal, line amount, line revenue, net sales, sales amount, sales value, total price,
    extended price, line price, item total, amount, revenue, order total, total amount, grand total, total, sales,
    turnover, net amount, gross sales, net revenue, spend, net, gross, value, subtotal, zeilensumme, positionssumme,
    wert, warenwert, gesamtpreis, gesamtbetrag, umsatz, betrag, summe, gesamt, nettobetrag, bruttobetrag, montant,
    montant ligne, total ligne, montant total, prix total, chiffre d affaires, importe, importe total, total linea,
    monto, precio total, ventas, importo, importo totale, totale riga, totale, prezzo totale, fatturato, ricavo,
    regeltotaal, bedrag, totaalbedrag, totaal, omzet, totaalprijs, valor total, valor da linha, valor, montante,
    total da linha, importe linea, zeilenbetrag, positionsbetrag, gesamtsumme, total ttc, total ht, montant ttc,
    montant ht, total con iva, regelbedrag, receita
quantity: quantity, qty, units, pieces, item quantity, lineitem quantity, quantity ordered, items sold, number of
    items, number of, count, menge, anzahl, stueck, stuck, stueckzahl, quantite, qte, nombre, cantidad, unidades,
    quantita, qta, pezzi, aantal, hoeveelheid, stuks, quantidade, qtd, qtde, unidades vendidas, stk
unit_price: unit price, unitprice, price per unit, item price, lineitem price, price, price each, product price,
    einzelpreis, stueckpreis, stuckpreis, preis, preis pro stueck, prix unitaire, prix, precio unitario, precio,
    prezzo unitario, prezzo, stukprijs, eenheidsprijs, prijs, preco unitario, preco, valor unitario, prezzo unit,
    einzel preis, vk preis, prix unitaire ht, prix unitaire ttc, pu ht, pu ttc, prix ht, prix ttc, prijs per stuk
discount: discount, discount amount, line discount, lineitem discount, total discount, discounts, rabatt,
    rabattbetrag, nachlass, remise, montant remise, reduction, descuento, importe descuento, sconto, importo sconto,
    korting, kortingsbedrag, desconto, valor do desconto
unit_cost: unit cost, cost per unit, cost price, cost, product cost, item cost, purchase price, cogs, einkaufspreis,
    ek preis, ek, selbstkosten, stueckkosten, cout unitaire, cout, prix d achat, coste unitario, coste, costo
    unitario, costo, precio de compra, prezzo d acquisto, kostprijs, inkoopprijs, custo unitario, custo, preco de
    custo
currency: currency, currency code, order currency, waehrung, wahrung, devise, moneda, divisa, valuta, munt, moeda,
    devise commande, wahrungscode
product: product, product name, item, item name, lineitem name, product title, article, title, description, product
    description, stock code, stockcode, sku, product id, item sku, product sku, artikel, artikelname, produkt,
    produktname, bezeichnung, artikelbezeichnung, artikelnummer, produit, nom du produit, designation, producto,
    nombre del producto, articulo, descripcion, prodotto, nome prodotto, articolo, descrizione, productnaam,
    artikelnaam, omschrijving, produto, nome do produto, artigo, descricao, descricao do produto, libelle, libelle
    produit
category: category, product category, product type, department, item category, product group, collection, kategorie,
    produktkategorie, warengruppe, produktgruppe, categorie, categorie produit, rayon, categoria, categoria
    producto, categoria prodotto, reparto, productgroep, productcategorie, departamento, grupo de produtos,
    sortiment, famille, familia
channel: channel, sales channel, order source, source, store type, platform, point of sale, location, store, store
    id, vertriebskanal, verkaufskanal, kanal, filiale, canal, canal de vente, magasin, canal de venta, tienda,
    canale, canale di vendita, negozio, kanaal, verkoopkanaal, winkel, canal de vendas, loja, point de vente, origem
status: status, order status, financial status, payment status, state, order state, bestellstatus, auftragsstatus,
    statut, statut commande, etat, estado, estado del pedido, stato, stato ordine, orderstatus, bestelstatus, estado
    da encomenda, situacao, status do pedido, estado do pedido, zahlungsstatus
refund: refund, is refund, refunded, is return, return, returned, event type, transaction type, sale or refund, line
    type, retoure, erstattung, gutschrift, ist retoure, remboursement, retour, est retour, reembolso, devolucion,
    rimborso, reso, terugbetaling, reembolsado, devolvido, estorno
consent: accepts marketing, marketing consent, email marketing consent, accepts email marketing, consent, email
    consent, opt in, optin, newsletter, newsletter opt in, subscribed, marketing opt in, newsletter anmeldung,
    einwilligung, werbeeinwilligung, marketing einwilligung, consentement, accepte le marketing, abonne newsletter,
    consentimiento, acepta marketing, boletin, consenso, consenso marketing, accetta marketing, toestemming,
    marketing toestemming, nieuwsbrief, consentimento, aceita marketing, aceita newsletter, assinante, newsletter
    abonniert, opt in marketing
time: time, order time, time of day, uhrzeit, bestellzeit, heure, heure de commande, hora, hora do pedido, ora, ora
    ordine, tijd, besteltijd
refusal: opt out, unsubscribed, do not contact, do not email, no marketing
first_name: first name, firstname, given name, forename, billing first name, customer first name, vorname, prenom, nombre
    de pila, nome proprio, voornaam, imie, fornamn, fornavn, jmeno, ad
last_name: last name, lastname, surname, family name, billing last name, customer last name, nachname, familienname, nom
    de famille, apellido, apellidos, cognome, sobrenome, achternaam, nazwisko, efternamn, efternavn, prijmeni, soyad
refunded: refunded amount, amount refunded, refund amount, total refunded, refund total, refunded total,
    erstattungsbetrag, erstatteter betrag, erstattet, montant rembourse, total rembourse, importe reembolsado, total
    reembolsado, importo rimborsato, valor reembolsado, terugbetaald bedrag
order_discount: order discount, cart discount, bestellrabatt, warenkorbrabatt, remise commande, descuento del pedido,
    sconto ordine, desconto do pedido, orderkorting
shipping: shipping, freight, freight value, postage, fracht, porto, carriage, shipping cost, shipping costs, shipping amount, shipping total, delivery, delivery cost, versand,
    versandkosten, frais de port, livraison, gastos de envio, envio, spedizione, spese di spedizione, frete, portes,
    verzendkosten
tax: tax, taxes, tax amount, tax total, vat, vat amount, sales tax, mwst, ust, steuer, steuerbetrag, tva, montant tva,
    iva, imposto, btw
cancelled: cancelled at, canceled at, cancelled on, cancellation date, storniert am, stornodatum, annule le, date d
    annulation, cancelado el, fecha de cancelacion, annullato il, cancelado em, geannuleerd op
test: test, is test, test order, testbestellung, commande test, pedido de prueba, ordine di prova, testbestelling
name: customer name, contact name, client name, buyer name, name, full name, billing name, kundenname, name des kunden, nom du
    client, nom client, nom, nombre del cliente, nombre cliente, nombre, nome cliente, nome do cliente, nome, naam,
    klantnaam, naam klant
phone: phone, phone number, telephone, mobile, mobile number, billing phone, telefon, telefonnummer, handy, handynummer,
    telefono, movil, cellulare, telefone, telemovel, telefoon, telefoonnummer, portable
"""


def plain(header: str) -> str:
    """A header as it is compared: lower case, letters and digits only, no accents, single spaces."""
    split_camel = re.sub(r"(?<=[a-zà-ÿ])(?=[A-Z])", " ", header)
    lowered = split_camel.lower().translate(_LETTERS)
    bare = "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[\W_]+", " ", bare.translate(_TWO_LETTERS)).split())


def _read(text: str) -> dict[str, tuple[str, ...]]:
    meanings: dict[str, str] = {}
    last = ""
    for line in text.strip().splitlines():
        if not line.startswith(" "):
            last, _, line = line.partition(":")
        meanings[last] = meanings.get(last, "") + line
    return {meaning: tuple(" ".join(word.split()) for word in words.split(",")) for meaning, words in meanings.items()}


HEADER_WORDS = _read(_WORDS)
"""For each meaning whole headers, best first, as `plain` leaves them: lower case, no accents."""
