"""Dropped files go with their shop, and say so when their hour is over."""

from __future__ import annotations

from tests.dashboard.test_import import GOOD, do_import, patiently, upload
from tests.dashboard.test_import_held import browser

__all__ = ["browser"]


def test_an_imported_file_belongs_to_its_shop_and_goes_with_it(screen, workspace):
    app = do_import(upload(screen, GOOD))
    shop = workspace.latest("my orders")
    (file,) = [one for one in workspace.tmp.iterdir() if one.is_file()]
    assert file.name.startswith(f"imported-{shop.dataset_id}-")
    assert file.read_text() == GOOD
    workspace.delete("my orders")
    assert not any(one.is_file() for one in workspace.tmp.iterdir())
    assert not app.run().exception


def test_a_file_can_be_imported_again_in_place_of_its_shop(screen, workspace):
    app = do_import(upload(screen, GOOD + GOOD.splitlines()[-1] + "\n"))
    app.button(key="drop_repeats_now").click().run()
    patiently(app, lambda: any("**Importing" in text.value for text in app.markdown))
    assert workspace.latest("my orders").manifest.lines == 60
    (file,) = [one for one in workspace.tmp.iterdir() if one.is_file()]
    assert file.name.startswith(f"imported-{workspace.latest('my orders').dataset_id}-")


def test_files_whose_hour_is_over_are_said_to_be_gone(screen, browser, workspace):
    app = upload(screen, GOOD)
    (file,) = workspace.tmp.glob("upload-*")
    file.unlink()
    app.run()
    assert not app.exception
    assert "kept for an hour" in app.error[0].value
    assert not list(workspace.tmp.glob("waiting-*"))
    assert app.file_uploader
