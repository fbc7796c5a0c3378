"""Take a list of customers away: in which form, with which columns, who is left out, and the file."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from dashboard import words
from dashboard.parts import basis, tables
from dashboard.parts.downloads import Download
from segmentation import formats
from segmentation.analysis import MEMORY, Source
from segmentation.campaigns import MAIL_TOOLS, Audience, Channel, Form, chosen_columns
from segmentation.campaigns.audience_files import AGREED, EMAIL, NAME, PHONE, usual_columns
from segmentation.choices import LIST_FORMS, ListForm, Separator
from segmentation.exports import name_with_hash
from segmentation.workspace.audit import digest_of

TITLE = "Take the list away"
HELD = 60
"""Audiences that are held at most, the latest; they hold numbers of customers, no addresses."""

PRESET_NAMES: dict[ListForm, str] = {"csv": "CSV", "excel": "Excel", "klaviyo": "Klaviyo", "mailchimp": "Mailchimp"}
SEPARATOR_NAMES: dict[Separator, str] = {"comma": "Comma, 12.50", "semicolon": "Semicolon, 12,50"}
CHANNEL_NAMES: dict[Channel, str] = {"email": "E-mail", "phone": "Phone", "none": "Customer number"}
# Languages whose spreadsheets write 12,50 and part columns by semicolons, and the countries of theirs that do not.
_COMMA = frozenset(
    ("az", "be", "bg", "bs", "ca", "cs", "da", "de", "el", "es", "et", "eu", "fi", "fr", "gl", "hr", "hu", "hy", "id",
     "is", "it", "ka", "kk", "lt", "lv", "mk", "nb", "nl", "nn", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sq", "sr",
     "sv", "tr", "uk", "uz", "vi")
)  # fmt: skip
_POINT = frozenset(
    ("de-CH", "de-LI", "it-CH", "es-MX", "es-US", "es-GT", "es-HN", "es-NI", "es-PA", "es-PE", "es-PR", "es-SV",
     "es-DO")
)  # fmt: skip


def take_away(source: Source, *, stem: str, key: str, identity: str) -> None:
    """A button that opens what is asked of the file; the file is made when it is asked for.

    `stem` begins the file's name, `identity` names the customers and their order.
    """
    with (
        st.popover(TITLE, icon=":material/ios_share:", key=f"{key}_away", disabled=not len(source.places)),
        st.container(key=f"{key}_form", gap="small", width=460),
    ):
        _form(source, stem=stem, key=key, identity=identity)


def _form(source: Source, *, stem: str, key: str, identity: str) -> None:
    preset = st.segmented_control(
        "File for",
        LIST_FORMS,
        default="csv",
        required=True,
        key=f"{key}_preset",
        format_func=lambda one: PRESET_NAMES[one],
    )
    preset = preset or "csv"
    separator: Separator = "comma"
    channel: Channel = "email"
    if preset == "csv":
        separator = _separator(key)
    if preset not in MAIL_TOOLS:
        channel = _channel(source, key)
    form = Form(preset=preset, separator=separator, columns=_columns(source, preset, key))
    leaving = _leaving(source, form, channel, identity)
    st.markdown(f"**{words.plain(leaving.sentence, limit=300)}**")
    basis.beside(source.shop.reach(), key=key)
    tables.download_button(
        _download(source, form, channel, leaving, stem=stem, identity=identity),
        key=f"{key}_csv",
        label=f"Download {formats.count(leaving.size, 'customer')}",
        disabled=leaving.size == 0,
    )


def _separator(key: str) -> Separator:
    usual: Separator = "semicolon" if wants_semicolons(st.context.locale) else "comma"
    names = list(SEPARATOR_NAMES)
    chosen = st.segmented_control(
        "Separator",
        names,
        default=usual,
        required=True,
        key=f"{key}_separator",
        format_func=lambda one: SEPARATOR_NAMES[one],
        help="Excel opens CSV with semicolons and decimal commas where numbers are written 12,50.",
    )
    return chosen or usual


def wants_semicolons(locale: str | None) -> bool:
    """Whether spreadsheets in this language and country expect semicolons, as in “de-DE”."""
    return bool(locale) and locale not in _POINT and str(locale).partition("-")[0].lower() in _COMMA


def _channel(source: Source, key: str) -> Channel:
    usual = MEMORY.once("usual channels", _shop_key(source), replace(source).usual_channel, most=HELD)
    names = list(CHANNEL_NAMES)
    chosen = st.segmented_control(
        "Reached by",
        names,
        default=usual,
        required=True,
        key=f"{key}_channel",
        format_func=lambda one: CHANNEL_NAMES[one],
        help="Who has no such address is left out. “Customer number” is for a tool that knows your customers.",
    )
    return chosen or usual


def _columns(source: Source, preset: ListForm, key: str) -> tuple[str, ...]:
    """The columns that are asked for, of those that this list can have."""
    columns = source.columns()
    mail = preset in MAIL_TOOLS
    in_front = (EMAIL, NAME, PHONE, AGREED) if mail else ()
    titles = {one.name: one.header for one in columns if one.name not in in_front}
    chosen = st.multiselect(
        "More columns" if mail else "Columns",
        list(titles),
        default=[name for name in usual_columns(columns, preset) if name in titles],
        key=f"{key}_columns_{'mail' if mail else 'sheet'}",
        format_func=lambda name: titles.get(name, name),
    )
    if mail:
        first = chosen_columns(columns, Form(preset=preset, columns=()))
        st.caption(f"In front of them: {', '.join(one.header for one in first)}.")
    return tuple(chosen)


def _leaving(source: Source, form: Form, channel: Channel, identity: str) -> Audience:
    """Who leaves in this form; worked out once while nothing changes."""
    by = "email" if form.preset in MAIL_TOOLS else channel
    asked = (_shop_key(source), source.shop.reach().ground.identity, digest_of(source.places.tobytes()), identity, by)
    return MEMORY.once("audiences", asked, lambda: replace(source).audience(form, by), most=HELD)


def _download(source: Source, form: Form, channel: Channel, leaving: Audience, *, stem: str, identity: str) -> Download:
    """The file, made from the shop as it is when it is asked for; addresses are read then."""
    bare = replace(source)
    whole = "|".join(
        [identity, digest_of(source.places.tobytes()), form.identity, channel, leaving.basis, leaving.sentence]
        + [one.header for one in source.columns()]
    )
    return Download(
        make=lambda: replace(bare).file(form, channel, expected=leaving.size),
        file_name=name_with_hash(stem, whole.encode(), form.suffix),
        mime=form.mime,
        identity=whole,
        content="customers",
        rows=leaving.size,
        of=source.shop.version,
    )


def _shop_key(source: Source) -> tuple[str, int, str, str]:
    version = source.shop.version
    return version.dataset_id, version.number, version.fingerprint, source.customers.identity
