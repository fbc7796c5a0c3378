"""Lists of customers to take along: the screens and the commands write the same ones."""

from __future__ import annotations

import csv
import io
import json

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.serving.offers import OFFERS
from segmentation import cli
from segmentation.analysis import Analysis, members
from segmentation.workspace import BasisLog
from tests.dashboard.shops import write_shop

pytestmark = pytest.mark.usefixtures("known_results")

MEMBERS = """
from dashboard import state
from dashboard.screens.segments import segment_tables

with state.guard():
    segment_tables.members_of(state.study())
"""


def offered(app: AppTest) -> list[bytes]:
    """The files behind the download buttons of a page, as a click gets them."""
    assert not app.exception
    addresses = [button.proto.url.rpartition("/")[2] for button in app.get("download_button")]
    return [OFFERS.get(address, None).make() for address in addresses]


@pytest.mark.parametrize("known", ["asked", "refusals"])
def test_the_command_and_the_screen_give_equal_bytes_for_one_segment(workspace, tmp_path, capsys, known):
    version = write_shop(workspace, consent=known)
    if known == "refusals":
        BasisLog(workspace, version.dataset_id).state("existing_customers", at="2026-11-01T10:00:00+00:00")
    Analysis.of(workspace, version).clv().get()  # its scores are columns
    app = AppTest.from_string(MEMBERS, default_timeout=60).run()
    for name in app.selectbox(key="members_of").options:
        app.selectbox(key="members_of").select(name).run()
        (shown,) = offered(app)
        out = tmp_path / "members.csv"
        asked = ["study", "Shop", "--members", name, "--out", str(out), "--force", "--json", "--preset", "csv"]
        assert cli.main([*asked, "--workspace", str(workspace.root)]) == 0
        told = json.loads(capsys.readouterr().out)
        assert out.read_bytes() == shown
        rows = list(csv.DictReader(io.StringIO(shown.decode("utf-8-sig"))))
        audience = told["audience"]
        assert told["members"] == len(rows) == audience["members"]
        everybody = next(s["customers"] for s in told["segments"] if s["name"] == name)
        assert len(rows) + sum(audience["left_out"].values()) == audience["customers"] == everybody
        assert {row["Segment"] for row in rows} <= {name}
        assert any("BG/NBD" in column for column in rows[0])


def test_without_a_preset_the_command_writes_every_customer_of_the_segment_as_before(workspace, tmp_path, capsys):
    version = write_shop(workspace, consent="refusals")
    shop = Analysis.of(workspace, version)
    study = shop.study()
    name = study.segmentation.segments[0].name
    out = tmp_path / "members.csv"
    asked = ["study", "Shop", "--members", name, "--out", str(out), "--json", "--workspace", str(workspace.root)]
    assert cli.main(asked) == 0
    told = json.loads(capsys.readouterr().out)
    assert out.read_bytes() == members(shop, study, 0).csv
    assert told["members"] == study.profiles[0].customers
    assert not {"preset", "audience"} & set(told)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--preset", "excel"], "--members SEGMENT and --out"),
        (["--members", "x", "--out", "y.csv", "--separator", "semicolon"], "--preset csv"),
        (["--members", "x", "--out", "y.csv", "--preset", "excel", "--separator", "comma"], "--preset csv"),
    ],
)
def test_a_form_that_cannot_be_is_a_wrong_call(workspace, capsys, options, expected):
    write_shop(workspace)
    assert cli.main(["study", "Shop", *options, "--workspace", str(workspace.root)]) == 2
    assert expected in capsys.readouterr().err


def test_the_command_marks_whom_the_screen_lists(screen, workspace, tmp_path):
    version = write_shop(workspace, customers=900)
    Analysis.of(workspace, version).assume(offer_cost=1.0)
    files = offered(screen("churn"))
    contact = next(one for one in files if "Expected profit" in one.decode("utf-8-sig").partition("\r\n")[0])
    listed = [row["Customer"] for row in csv.DictReader(io.StringIO(contact.decode("utf-8-sig")))]
    out = tmp_path / "scores.csv"
    assert cli.main(["churn", "Shop", "--out", str(out), "--workspace", str(workspace.root)]) == 0
    with out.open(encoding="utf-8-sig", newline="") as file:
        marked = [row["customer_id"] for row in csv.DictReader(file) if row["contact"] == "yes"]
    assert 0 < len(listed) == len(marked) < version.manifest.customers
    assert set(listed) == set(marked)
