"""The pixel painter: board, slider and value move together, and bad pictures are refused."""

import numpy as np
import pytest

from nnlib.interact import Painter, explore

GALLERY = np.arange(24).reshape(4, 2, 3) % 17


def painter(**settings):
    return Painter(GALLERY[1], **({"levels": 17, "gallery": GALLERY} | settings))


def test_it_begins_with_its_start_and_the_slider_knows_which_one_that_is():
    one = painter()
    assert one.value == ((6, 7, 8), (9, 10, 11)) and one.chooser.value == 1
    assert one.board.value == [[6, 7, 8], [9, 10, 11]]
    assert (one.chooser.min, one.chooser.max) == (0, 3)


def test_without_a_gallery_there_is_only_the_board():
    one = painter(gallery=None)
    assert one.children == (one.board,)
    assert len(painter().children) == 2


def test_drawing_on_the_board_changes_the_value_and_leaves_the_slider():
    one, seen = painter(), []
    one.observe(lambda change: seen.append(change.new), "value")
    one.board.value = [[0, 0, 0], [0, 0, 16]]
    assert one.value == ((0, 0, 0), (0, 0, 16)) and one.chooser.value == 1
    assert seen == [one.value]


def test_the_slider_puts_a_picture_on_the_board_once():
    one, seen = painter(), []
    one.observe(lambda change: seen.append(change.new), "value")
    one.chooser.value = 3
    assert one.board.value == GALLERY[3].tolist() and seen == [one.value]
    one.board.value = [[0, 0, 0], [0, 0, 16]]
    one.chooser.value = 0
    assert one.value == tuple(map(tuple, GALLERY[0].tolist()))


def test_setting_a_known_picture_moves_the_slider_along():
    one = painter()
    one.value = tuple(map(tuple, GALLERY[2].tolist()))
    assert one.chooser.value == 2 and one.board.value == GALLERY[2].tolist()


def test_in_an_exhibit_the_drawing_is_an_array_and_reset_brings_the_first_one_back():
    seen = []

    def draw(ax, drawing):
        seen.append(drawing)
        ax.imshow(drawing)
        return f"{drawing.sum()} ink"

    exhibit = explore(draw, drawing=painter())
    assert exhibit.controls["drawing"].board.description == "drawing"
    assert repr(exhibit) == "drawing = 2×3 pixels, 6 of them with ink\n51 ink"
    exhibit.controls["drawing"].chooser.value = 0
    assert np.array_equal(seen[-1], GALLERY[0])
    exhibit.reset()
    assert exhibit.caption.value == "51 ink"
    assert exhibit.controls["drawing"].chooser.value == 1


def test_samples_for_the_tests_are_three_different_drawings_within_the_levels():
    good = painter().board.good
    assert len({repr(sample) for sample in good}) == 3
    assert all(np.shape(s) == (2, 3) and 0 <= np.min(s) <= np.max(s) <= 16 for s in good)


def test_the_board_carries_its_own_script():
    script = painter().board._esm
    assert "keydown" in script and "aria-label" in script and "http" not in script


@pytest.mark.parametrize(
    ("start", "says"),
    [
        (np.zeros((2, 3)), "whole numbers"),
        (np.full((2, 3), 17), "from 0 to 16, got 17 to 17"),
        (np.full((2, 3), -1), "got -1 to -1"),
        (np.zeros(3, int), r"of shape \(3,\)"),
        (np.zeros((0, 3), int), r"of shape \(0, 3\)"),
    ],
)
def test_what_is_no_picture_is_refused(start, says):
    with pytest.raises(ValueError, match=f"Painter takes start.*{says}"):
        Painter(start, levels=17)
