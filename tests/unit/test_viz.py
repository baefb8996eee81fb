"""A grid of numbers: where its cells stand, what is written in them, and in which colours."""

import numpy as np
import pytest
from matplotlib import colormaps
from matplotlib.colors import Normalize

from nnlib import viz
from nnlib.interact import Picture


def grid(matrix, *place, **settings):
    """(text -> position, face colours, corners) of one grid on real axes."""
    ax = Picture((3, 3)).axes
    viz.numbers(ax, matrix, *place, **settings)
    (said,) = ax.artists
    texts = dict(zip(said.texts, map(tuple, said.places.tolist()), strict=True))
    texts |= {text.get_text(): text.get_position() for text in ax.texts}
    (cells,) = ax.collections
    return texts, cells.get_facecolors(), [path.vertices[:4] for path in cells.get_paths()]


def test_rows_go_down_and_columns_go_right_from_the_place():
    texts, _, corners = grid([[1, -2, 3], [4, np.nan, 6.5]], 10, 20)
    assert texts == {
        "1": (10, 20), "−2": (11, 20), "3": (12, 20), "4": (10, 21), "6.5": (12, 21)
    }  # fmt: skip
    assert np.allclose([c.mean(axis=0) for c in corners][4], (11, 21))  # the empty cell is there
    assert all(np.ptp(c, axis=0).tolist() == [1, 1] for c in corners)


def test_colours_are_centred_on_zero_and_the_ink_stays_readable():
    _, plain, _ = grid([[-5, 0, 5]])
    assert np.allclose(plain, 1, atol=0.04)  # white without a limit
    _, faces, _ = grid([[-5, 0, 5, np.nan]], limit=5)
    assert faces[0, 2] > faces[0, 0] and faces[2, 0] > faces[2, 2]  # purple, orange
    assert np.allclose(faces[[1, 3]], plain[1])  # zero, and an empty cell
    _, grey, _ = grid([[0, 1, 2]], limit=2, signed=False)
    assert grey[0, 0] > grey[1, 0] > grey[2, 0]
    ax = Picture((3, 3)).axes
    viz.numbers(ax, [[0, 2]], limit=2, signed=False)
    assert ax.artists[0].colors == ["black", "white"]


@pytest.mark.parametrize("scale", [1, 2])
def test_numbers_stand_in_the_middle_of_their_cells(scale):
    def draw(ax):
        white = np.ones((1, 3, 3))
        viz.numbers(ax, [[8, np.nan, 88]], 1, 1, colors=white, edge="white", size=12)
        ax.set(xlim=(0, 4), ylim=(2, 0), aspect="equal")
        ax.set_axis_off()

    picture = Picture((4, 2))
    pixels, _ = picture.render(draw, scale)
    dark = pixels[..., :3].min(axis=2) < 128
    for x, half in ((1, slice(0, dark.shape[1] // 2)), (3, slice(dark.shape[1] // 2, None))):
        rows, columns = np.nonzero(dark[:, half])
        want = picture.axes.transData.transform((x, 1))
        assert abs(columns.mean() + half.start - want[0]) < 1.5 * scale
        assert abs(dark.shape[0] - rows.mean() - want[1]) < 1.5 * scale
        assert 6 * scale < np.ptp(rows) < 16 * scale


@pytest.mark.parametrize("scale", [1, 2])
@pytest.mark.parametrize("va", ["bottom", "top"])  # in the centre theirs stand a hair higher
@pytest.mark.parametrize("ha", ["left", "center", "right"])
def test_words_stand_where_matplotlib_writes_them(ha, va, scale):
    places, texts = [(0.3, 0.3), (0.7, 0.6)], ["0.25", "−1.75"]
    looks = {"ha": ha, "va": va, "size": 12}

    def ink(ours):
        def draw(ax):
            if ours:
                viz.words(ax, places, texts, weight=["normal", "bold"], color="black", **looks)
            else:
                ax.text(*places[0], texts[0], color="black", **looks)
                ax.text(*places[1], texts[1], color="black", weight="bold", **looks)
            ax.set(xlim=(0, 1), ylim=(0, 1))
            ax.set_axis_off()

        dark = Picture((4, 3)).render(draw, scale)[0][..., 0] < 128
        halves = dark[: len(dark) // 2], dark[len(dark) // 2 :]  # the upper and the lower text
        return [np.flatnonzero(half.any(axis=axis))[[0, -1]] for half in halves for axis in (0, 1)]

    assert abs(np.subtract(ink(True), ink(False))).max() <= 1.5 * scale


def test_no_words_and_unknown_places():
    ax = Picture((3, 3)).axes
    viz.words(ax, [], [])
    assert not ax.artists
    with pytest.raises(KeyError):
        viz.words(ax, [(0, 0)], ["a"], va="middle")


@pytest.mark.parametrize("limits", [None, ((-1, 4), (3, -1)), ((1, 3.5), (0.2, 5))])
@pytest.mark.parametrize("extent", [None, (0, 3, 1, 4), (-2, 3, 4, 1)])
@pytest.mark.parametrize("kind", ["share", "byte", "rgb"])
@pytest.mark.parametrize("aspect", ["equal", "auto"])
def test_a_mosaic_is_what_imshow_draws(limits, extent, kind, aspect):
    colors = np.random.default_rng(0).uniform(size=(3, 4, 4))
    colors[..., 3] = 1
    colors = {"share": colors, "byte": np.uint8(255 * colors), "rgb": colors[..., :3]}[kind]

    def draw(ax, ours):
        if ours:
            viz.mosaic(ax, colors, extent, aspect)
        else:
            ax.imshow(colors, aspect=aspect, interpolation="nearest", extent=extent)
        if limits:  # which may cut the picture
            ax.set(xlim=limits[0], ylim=limits[1])
        ax.set_axis_off()

    picture = Picture((3, 2))
    ours, theirs = (
        picture.render(lambda ax, ours=ours: draw(ax, ours))[0].astype(int)
        for ours in (True, False)
    )
    differ = (abs(ours - theirs) > 2).any(axis=2)
    assert differ.mean() < 0.02  # an edge may lie one pixel beside theirs


@pytest.mark.parametrize("high, cmap, low", [(2.0, viz.SIGNED, None), (3.0, "gray_r", 0)])
def test_values_have_the_colours_of_matplotlibs_map(high, cmap, low):
    values = np.append(np.random.default_rng(0).normal(size=(7, 40)), [[-9, 0, 9, np.nan]] * 7, 1)
    norm = Normalize(-high if low is None else low, high, clip=True)
    theirs = colormaps[cmap](norm(np.ma.masked_invalid(values)), bytes=True)
    ours = viz.shaded(values, high, cmap, low)
    assert np.array_equal(ours[:, :-1], theirs[:, :-1]) and not ours[:, -1].any()
    with np.errstate(all="raise"):
        viz.shaded(np.array([1e300, -1e300, np.inf]), 1e-6)
        viz.shaded(np.zeros(3), 0)  # nothing is seen where nothing is


def test_cells_keep_the_gap_between_them_white():
    def draw(ax):
        ax.add_artist(viz.Cells(np.zeros((2, 2, 4)) + [0, 0, 0, 1], gap=4))
        ax.set(xlim=(-0.5, 1.5), ylim=(1.5, -0.5))
        ax.set_axis_off()

    picture = Picture((3, 2))
    pixels, _ = picture.render(draw)
    x, y = picture.axes.transData.transform((0.5, 0)).astype(int)
    row = pixels[len(pixels) - y, :, 0]
    assert (row[x - 2 : x + 2] == 255).all() and row[x - 8] == row[x + 8] == 0
