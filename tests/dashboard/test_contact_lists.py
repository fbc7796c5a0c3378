"""Lists of customers to take along: the screens and the commands write the same ones."""

from __future__ import annotations

import csv
import io

from streamlit.testing.v1 import AppTest

from dashboard.offers import OFFERS
from segmentation import cli
from segmentation.analysis import Analysis
from tests.dashboard.shops import write_shop


def offered(app: AppTest) -> list[bytes]:
    """The files behind the download buttons of a page, as a click gets them."""
    assert not app.exception
    addresses = [button.proto.url.rpartition("/")[2] for button in app.get("download_button")]
    return [OFFERS.get(address, None).make() for address in addresses]


def test_the_command_marks_whom_the_screen_lists(screen, workspace, tmp_path):
    version = write_shop(workspace, customers=900)
    Analysis.of(workspace, version).assume(offer_cost=1.0)
    files = offered(screen("churn"))
    contact = next(one for one in files if one.decode("utf-8-sig").startswith("Customer,Chance to order"))
    listed = [row["Customer"] for row in csv.DictReader(io.StringIO(contact.decode("utf-8-sig")))]
    out = tmp_path / "scores.csv"
    assert cli.main(["churn", "Shop", "--out", str(out), "--workspace", str(workspace.root)]) == 0
    with out.open(encoding="utf-8-sig", newline="") as file:
        marked = [row["customer_id"] for row in csv.DictReader(file) if row["contact"] == "yes"]
    assert 0 < len(listed) == len(marked) < version.manifest.customers
    assert set(listed) == set(marked)
