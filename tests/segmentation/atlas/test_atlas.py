"""The map: where customers lie, what is drawn, who is inside a lasso, what is kept."""

from __future__ import annotations

import struct
import subprocess
import sys
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from segmentation.atlas import (
    Map,
    density_image,
    inside,
    inside_box,
    marks,
    pca_map,
    trustworthiness,
    umap_map,
)
from segmentation.errors import WrongCall

Floats = NDArray[np.float32]
CUSTOMERS = 1_500


def crowd(customers: int, *, features: int = 5, seed: int = 1) -> Floats:
    """Three groups of customers, every fifth one exactly like another."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(scale=2.5, size=(3, features))
    matrix = centres[rng.integers(0, 3, customers)] + rng.normal(size=(customers, features))
    matrix[4::5] = matrix[3::5][: len(matrix[4::5])]
    return matrix.astype(np.float32)


@pytest.fixture(scope="module")
def matrix() -> Floats:
    return crowd(CUSTOMERS)


@pytest.fixture(scope="module")
def told() -> list[tuple[float, str]]:
    return []


@pytest.fixture(scope="module")
def drawn(matrix: Floats, told: list[tuple[float, str]]) -> Map:
    """One UMAP map, made once: most of its time is the compiling."""
    return umap_map(matrix, seed=7, progress=lambda share, text: told.append((share, text)))


# The PCA map ---------------------------------------------------------------------------------------------------


def test_the_pca_map_keeps_the_direction_customers_differ_in_most() -> None:
    matrix = np.random.default_rng(0).normal(size=(2_000, 4)).astype(np.float32) * np.float32([1, 9, 1, 4])
    coordinates = pca_map(matrix)
    assert coordinates.dtype == np.float32
    assert abs(np.corrcoef(coordinates[:, 0], matrix[:, 1])[0, 1]) > 0.999
    assert abs(np.corrcoef(coordinates[:, 1], matrix[:, 3])[0, 1]) > 0.99


def test_the_pca_map_does_not_flip_when_customers_are_mirrored() -> None:
    matrix = crowd(500)
    mirrored = pca_map(-matrix)
    assert np.allclose(pca_map(matrix), -mirrored, atol=1e-4)


def test_identical_customers_share_a_place_on_the_pca_map(matrix: Floats) -> None:
    coordinates = pca_map(matrix)
    assert (coordinates[4::5] == coordinates[3::5]).all()


@pytest.mark.parametrize(("customers", "features"), [(0, 3), (1, 1), (2, 1), (5, 8), (30, 2)])
def test_a_small_table_has_a_pca_map(customers: int, features: int) -> None:
    coordinates = pca_map(crowd(customers, features=features))
    assert coordinates.shape == (customers, 2)
    assert np.isfinite(coordinates).all()


def test_a_missing_value_is_refused_before_anything_is_drawn(matrix: Floats) -> None:
    holed = matrix.copy()
    holed[3, 1] = np.nan
    with pytest.raises(WrongCall, match="a number in every cell"):
        pca_map(holed)


# The UMAP map --------------------------------------------------------------------------------------------------


def test_the_umap_map_is_trustworthy_and_beats_pca(matrix: Floats, drawn: Map) -> None:
    rng = np.random.default_rng
    by_umap = trustworthiness(matrix, drawn.coordinates, rng=rng(0), sample=300)
    by_pca = trustworthiness(matrix, pca_map(matrix), rng=rng(0), sample=300)
    assert (drawn.method, drawn.customers, drawn.reason) == ("umap", CUSTOMERS, "")
    assert by_umap > 0.9
    assert by_umap > by_pca


def test_the_same_seed_gives_the_same_umap_map(matrix: Floats, drawn: Map) -> None:
    assert (umap_map(matrix, seed=7).coordinates == drawn.coordinates).all()


def test_identical_customers_share_a_place_on_the_umap_map(drawn: Map) -> None:
    assert (drawn.coordinates[4::5] == drawn.coordinates[3::5]).all()
    assert drawn.landmarks == CUSTOMERS * 4 // 5


def test_the_umap_map_says_how_far_it_is(drawn: Map, told: list[tuple[float, str]]) -> None:
    shares = [share for share, _ in told]
    assert drawn.method == "umap"
    assert shares == sorted(shares)
    assert 0 < shares[0] < shares[-1] <= 1
    assert {"Laying out the map", "Placing 1,500 customers"} <= {text for _, text in told}


def test_customers_who_are_no_landmarks_lie_among_their_like(monkeypatch: pytest.MonkeyPatch, matrix: Floats) -> None:
    monkeypatch.setattr("segmentation.atlas.landmarks.LANDMARKS", 300)
    placed = umap_map(matrix, seed=7)
    assert placed.landmarks == 300
    assert trustworthiness(matrix, placed.coordinates, rng=np.random.default_rng(0), sample=300) > 0.9


def test_the_map_does_not_depend_on_which_thread_searched(monkeypatch: pytest.MonkeyPatch, matrix: Floats) -> None:
    monkeypatch.setattr("segmentation.atlas.landmarks.LANDMARKS", 200)
    whole = umap_map(matrix, seed=7).coordinates
    monkeypatch.setattr("segmentation.atlas.placement.CHUNK", 37)
    assert (umap_map(matrix, seed=7).coordinates == whole).all()


@pytest.mark.parametrize("customers", [0, 1, 2, 5, 30])
def test_too_few_customers_get_a_pca_map_and_the_reason(customers: int) -> None:
    small = umap_map(crowd(customers), seed=1)
    assert (small.method, small.landmarks) == ("pca", 0)
    assert "too few for neighbourhoods" in small.reason


def test_many_customers_who_are_all_alike_get_a_pca_map_and_the_reason() -> None:
    alike = umap_map(np.ones((5_000, 3), dtype=np.float32), seed=1)
    assert alike.method == "pca"
    assert alike.reason == "Different customers here: 1, too few for neighbourhoods."
    assert (alike.coordinates == 0).all()


def test_customers_along_one_line_get_a_pca_map_and_the_reason() -> None:
    line = np.linspace(-2, 2, 400, dtype=np.float32)[:, None] * np.float32([1, 2, 0])
    drawn = umap_map(line, seed=1)
    assert drawn.method == "pca"
    assert "along one line" in drawn.reason


# Trustworthiness -----------------------------------------------------------------------------------------------


def test_a_map_that_is_the_data_is_fully_trustworthy_and_a_shuffled_one_is_not() -> None:
    flat = crowd(600, features=2)
    rng = np.random.default_rng(0)
    assert trustworthiness(flat, flat, rng=rng) == 1.0
    assert trustworthiness(flat, rng.permutation(flat), rng=rng) < 0.6


def test_trustworthiness_agrees_with_scikit_learn(matrix: Floats) -> None:
    from sklearn.manifold import trustworthiness as reference  # noqa: PLC0415 - slow, and only this test needs it

    distinct = np.unique(matrix, axis=0)[:400]
    coordinates = pca_map(distinct)
    ours = trustworthiness(distinct, coordinates, rng=np.random.default_rng(0), sample=400)
    assert ours == pytest.approx(reference(distinct, coordinates, n_neighbors=15), abs=1e-3)


# Who is inside -------------------------------------------------------------------------------------------------


def test_a_box_includes_its_edges_and_nothing_beyond() -> None:
    places = np.float32([[0, 0], [1, 1], [1, 0.5], [np.nextafter(np.float32(1), np.float32(2)), 0.5], [0.5, -1e-9]])
    expected = [True, True, True, False, False]
    assert inside_box((1, 0), (0, 1), places).tolist() == expected
    assert inside([(0, 0), (1, 0), (1, 1), (0, 1)], places).tolist() == expected
    assert inside([(1, 1), (1, 0), (0, 0), (0, 1), (1, 1)], places).tolist() == expected


def test_a_lasso_that_crosses_itself_leaves_out_what_it_encloses_twice() -> None:
    angles = np.pi / 2 + np.arange(5) * 4 * np.pi / 5
    star = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    assert inside(star, np.float32([[0, 0], [0, 0.8], [0.9, 0.9]])).tolist() == [False, True, False]


@pytest.mark.parametrize("corners", [[], [(0, 0)], [(0, 0), (1, 1)], [(0, 0), (1, 1), (0, 0)]])
def test_a_lasso_without_an_inside_holds_nobody(corners: list[tuple[float, float]]) -> None:
    assert not inside(corners, np.float32([[0, 0], [0.5, 0.5]])).any()


def test_a_lasso_of_nonsense_is_refused() -> None:
    with pytest.raises(WrongCall, match="list of x, y pairs"):
        inside([(0, 0), (1, float("nan")), (1, 1)], np.zeros((1, 2), dtype=np.float32))


@settings(max_examples=60, deadline=None)
@given(
    corners=st.lists(st.tuples(st.integers(-20, 20), st.integers(-20, 20)), min_size=3, max_size=12),
    seed=st.integers(0, 1_000),
)
def test_a_lasso_holds_whom_the_even_odd_rule_says(corners: list[tuple[int, int]], seed: int) -> None:
    # Corners on whole numbers, customers off them: no customer lies on a corner's height.
    places = np.random.default_rng(seed).integers(-22, 22, size=(50, 2)).astype(np.float32) + np.float32([0.37, 0.53])
    held = inside(corners, places)
    for (x, y), is_held in zip(places.astype(float), held, strict=True):
        crossings = 0
        for (x0, y0), (x1, y1) in zip(corners, [*corners[1:], corners[0]], strict=True):
            if (y0 > y) != (y1 > y) and x < x0 + (y - y0) * (x1 - x0) / (y1 - y0):
                crossings += 1
        assert is_held == (crossings % 2 == 1)


# The picture ---------------------------------------------------------------------------------------------------


def test_the_picture_shows_every_segment_in_its_colour_with_y_upwards() -> None:
    places = np.float32([[0, 0]] * 50 + [[1, 1]] * 50)
    labels = np.repeat(np.uint8([0, 1]), 50)
    picture = density_image(places, labels, ["#ff0000", "#0000ff"], (40, 30))
    top_right, bottom_left = picture.pixels[:15, 20:], picture.pixels[15:, :20]
    assert picture.pixels.shape == (30, 40, 4)
    assert (top_right[top_right[:, :, 3] > 0][:, :3] == [0, 0, 255]).all()
    assert (bottom_left[bottom_left[:, :, 3] > 0][:, :3] == [255, 0, 0]).all()
    assert (picture.pixels[:10, :10, 3] == 0).all()


def test_a_crowded_place_is_drawn_stronger_than_a_lonely_customer() -> None:
    places = np.float32([[0, 0]] * 900 + [[1, 1]])
    opacity = density_image(places, size=(40, 40)).pixels[:, :, 3]
    assert opacity[20:, :20].max() > opacity[:20, 20:].max() > 0


def test_where_segments_overlap_their_colours_mix() -> None:
    picture = density_image(np.zeros((2, 2), dtype=np.float32), np.uint8([0, 1]), ["#ff0000", "#0000ff"], (9, 9))
    assert picture.pixels[4, 4, :3].tolist() == [128, 0, 128]


def test_the_picture_covers_everyone(drawn: Map) -> None:
    picture = density_image(drawn.coordinates)
    assert inside_box(picture.across, picture.up, drawn.coordinates).all()


@pytest.mark.parametrize("places", [np.zeros((0, 2)), np.zeros((1, 2)), np.float32([[1, 5], [3, 5]])])
def test_nobody_one_place_or_a_line_can_be_drawn(places: Floats) -> None:
    picture = density_image(places.astype(np.float32), size=(8, 6), dark=True)
    assert picture.pixels.shape == (6, 8, 4)
    assert picture.across[0] < picture.across[1]


def test_the_png_holds_the_pixels() -> None:
    picture = density_image(crowd(200, features=2), size=(32, 24))
    png = picture.png()
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", png[16:24]) == (32, 24)
    length = struct.unpack(">I", png[33:37])[0]
    lines = np.frombuffer(zlib.decompress(png[41 : 41 + length]), dtype=np.uint8).reshape(24, 1 + 32 * 4)
    assert (lines[:, 1:].reshape(24, 32, 4) == picture.pixels).all()


def test_at_most_twenty_thousand_marks_are_drawn() -> None:
    assert (marks(500), marks(1_000_000)) == (slice(0, 500), slice(0, 20_000))


def test_importing_the_atlas_does_not_import_umap() -> None:
    check = "import sys, segmentation.atlas; sys.exit('umap' in sys.modules or 'numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
