"""On what basis the current shop writes to its customers, and whom that reaches."""

from __future__ import annotations

from datetime import UTC, datetime

from dashboard.state import answers, shop
from segmentation.customers import Reach
from segmentation.workspace import BasisLog, Statement


def basis_log() -> BasisLog:
    """The statements about the current shop. Raises DatasetNotFound."""
    return BasisLog(shop.workspace(), shop.there().dataset_id)


def stated() -> Statement | None:
    """What is stated for the current shop, read anew: somebody else may have stated it a moment ago."""
    return answers.analysis().stated()


def reached() -> Reach:
    """Who of its customers may be written to."""
    return answers.analysis().reach()


def state_basis(basis: str, *, note: str, by: str) -> None:
    """State a basis from now on. Raises SettingOutOfRange, WrongCall."""
    basis_log().state(basis, at=_now(), note=note, by=by)


def withdraw_basis(*, by: str) -> None:
    """Take back what is stated. Raises WrongCall where nothing is."""
    basis_log().withdraw(at=_now(), by=by)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
