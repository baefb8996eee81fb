"""The drawings of the notebook on convolution: what they compute, and what they say."""

import re

import numpy as np
import pytest
from scipy import signal as scipy_signal

import nnlib as nn
from nnlib.exhibits import convolution_arithmetic as show
from nnlib.exhibits.convolution_arithmetic import boards, channels, photo, window
from nnlib.interact import Picture


def said(draw, settings, *args, **kwargs):
    """The caption, drawn on real axes of the kind the notebook gives."""
    picture = Picture(**settings)
    return picture.render(lambda axes: draw(axes, *args, **kwargs))[1]


@pytest.mark.parametrize(
    ("value", "text"), [(-1.5, "−1.5"), (-1e-9, "−1e−09"), (0, "0"), (-0.0, "0"), (3, "3")]
)
def test_numbers_have_a_proper_minus_and_zero_none(value, text):
    assert boards.num(value) == text
    assert boards.bracket(value) == (f"({text})" if value < 0 else text)


@pytest.mark.parametrize("name", show.KERNELS)
def test_presets_are_the_kernels_of_the_textbook(name):
    w = show.kernel_of(name)
    assert w.shape == (3, 3)
    assert w.sum() == pytest.approx(0 if name[:5] in ("Lapla", "Sobel") else 1)
    button = show.PRESETS[name]()
    assert np.allclose(np.array(button["kernel"]) / button["divide_by"], w)


def test_sobel_looks_across_and_down():
    ramp = np.tile(np.arange(5.0), (5, 1))
    across, down = show.kernel_of("Sobel ↔"), show.kernel_of("Sobel ↕")
    assert np.all(nn.correlate(ramp, across) == 8) and np.all(nn.correlate(ramp, down) == 0)
    assert np.array_equal(down, across.T)


# the sliding window


@pytest.mark.parametrize(
    ("example", "want"),
    [
        ("4×4, left − right", [[1, -1, 2], [1, -1, 2], [1, -2, 2]]),
        ("4×4, top − bottom", [[-1, -1, 0], [1, 1, 0], [1, 0, 0]]),
        ("5×5, right − left", [[-4, 1, 2], [0, -1, -4], [9, 0, 4]]),
        ("5×5, a cross", [[4, 3, 4], [2, 4, 3], [2, 3, 4]]),
    ],
)
def test_the_scan_says_every_cell_of_the_worked_examples(example, want):
    for step, value in enumerate(np.ravel(want)):
        caption = said(show.scan, show.BOARD, step, example)
        number = str(value).replace("-", "−")
        assert f"cell ({step // 3}, {step % 3})" in caption and f"<b>{number}</b>" in caption
    assert "8 cells left" in said(show.scan, show.BOARD, 0, example)
    assert "1 cell left" in said(show.scan, show.BOARD, 7, example)
    assert "The map is full" in caption


def test_cells_that_are_not_yet_reached_stay_empty():
    picture = Picture(**show.BOARD)
    picture.render(lambda ax: show.scan(ax, 4, "5×5, right − left"))
    grids = [artist.texts for artist in picture.axes.artists]
    assert grids[3] == ["−4", "1", "2", "0", "−1"]  # the map so far
    products, sums = "−5 0 2 −3 0 5 −2 0 1 1", "−5 −5 −3 −6 −6 −1 −3 −3 −2 −1"
    assert " ".join(grids[4]) == f"{products} {sums}"


def look(image, kernel, bias=0, pick=window.OUTPUT, row=0, column=0):
    return said(show.look, show.BOARD, image, kernel, bias, pick, row, column)


def test_a_pixel_touches_exactly_the_outputs_that_change_with_it():
    rng = np.random.default_rng(0)
    for shape, k in [((5, 4), (2, 3)), ((4, 4), (2, 2)), ((3, 6), (3, 1))]:
        image, kernel = rng.normal(size=shape), rng.normal(size=k)
        for row, column in np.ndindex(shape):
            raised = image.copy()
            raised[row, column] += 1
            change = nn.correlate(raised, kernel) - nn.correlate(image, kernel)
            mine = np.zeros_like(change)
            for p, q, u, v in show.touched(image, kernel, row, column):
                mine[p, q] += kernel[u, v]
            assert np.allclose(mine, change)


def test_looking_back_from_a_pixel_tells_the_turned_kernel():
    three, kernel = "1 2 3; 4 5 6; 7 8 9", "1 2; 3 4"
    middle = look(three, kernel, 0, window.PIXEL, 1, 1)
    assert "Pixel (1, 1) = 5 lies in 4 windows" in middle and "change by 4, 3, 2, 1" in middle
    assert "turned by 180°</b>" in middle
    corner = look(three, kernel, 0, window.PIXEL, 0, 0)
    assert "1 window." in corner and "change by 1:" in corner and "as far as" in corner


def test_looking_at_an_output_writes_out_its_sum_and_stays_on_the_map():
    caption = look("1 2; 3 4", "1 -1", 2, row=5, column=5)
    assert "Output cell (1, 0) = 3·1 + 4·(−1) + bias 2 = <b>1</b>" in caption


@pytest.mark.parametrize(
    ("image", "kernel", "words"),
    [
        ("", "1", "the image takes rows of equal length"),
        ("1 2; 3", "1", "the image takes rows of equal length"),
        ("1 two", "1", "the image takes numbers"),
        ("1 2 3 4 5 6 7", "1", "at most 6 rows and columns"),
        ("1 2; 3 4", "1 2 3 4", "the kernel takes at most 3"),
        ("1 2; 3 4", "1 2 3", "kernel 1×3 does not fit into the image 2×2"),
        ("1 nan", "1", "from −9 to 9"),
        ("1 10", "1", "from −9 to 9"),
    ],
)
def test_what_cannot_be_slid_is_answered_in_words(image, kernel, words):
    assert words in look(image, kernel)


@pytest.mark.parametrize("example", show.EXAMPLES)
def test_buttons_type_the_examples_so_that_they_are_read_back(example):
    typed, (image, kernel, bias) = show.typed(example)(), show.EXAMPLES[example]
    assert np.array_equal(window.matrix_in("image", typed["image"], 6), image)
    assert np.array_equal(window.matrix_in("kernel", typed["kernel"], 3), kernel)
    assert typed["bias"] == bias


# kernels on pictures


def test_the_lab_tells_the_sum_of_the_weights_and_the_loudest_answer():
    caption = said(show.lab, show.LAB, "photograph", np.array(show.KERNELS["Mean"][0]), 9)
    assert "add up to 1.00" in caption and "brightness 1 gives 1.00" in caption
    w = show.kernel_of("Laplacian")
    answer = scipy_signal.correlate2d(show.digit_image(3), w, "valid")
    row, column = np.unravel_index(np.abs(answer).argmax(), answer.shape)
    caption = said(show.lab, show.LAB, "digit 3", w, 1)
    assert "an even area gives 0" in caption
    assert f"{answer[row, column]:+.2f}".replace("-", "−") in caption
    assert f"in row {row}, column {column};" in caption
    assert "All nine weights are 0" in said(show.lab, show.LAB, "photograph", np.zeros((3, 3)), 1)


def test_brightness_is_grey_and_change_is_orange_and_purple():
    passes, finds = boards.toned(np.array([[0, 1]]), [[1]]), boards.toned
    assert passes[0].tolist() == [[0, 0, 0, 255], [255, 255, 255, 255]]
    low, middle, high = finds(np.array([[-9, 0, 9]]), [[-1, 1]])[0].astype(int)
    assert low[2] > low[0] and high[0] > high[2] and middle[:3].min() > 240


def test_a_pixel_is_enlarged_to_a_square_in_the_middle():
    tile = boards.enlarged(np.zeros((2, 2, 4), np.uint8), 7)
    assert tile.shape == (7, 7, 4) and (tile[:6, :6] == 0).all() and (tile[6] == 255).all()


def test_eight_kernels_are_one_layer():
    x = photo.noisy("photograph", 0.1)
    maps = show.eight_kernels()(x[None, None])[0]
    for name, answer in zip(show.KERNELS, maps, strict=True):
        assert np.allclose(answer, scipy_signal.correlate2d(x, show.kernel_of(name), "valid"))


def test_the_maps_tell_what_becomes_of_the_noise():
    caption = said(show.maps, show.MAPS, "photograph", 0.3, 0.0, "nothing")
    mean, laplacian = map(float, re.findall(r"\d\.\d{3}", caption))
    assert mean == pytest.approx(0.1, abs=0.01) and laplacian == pytest.approx(1.34, abs=0.05)
    assert "Without noise" in said(show.maps, show.MAPS, "digit 3", 0.0, 0.0, "nothing")


def test_relu_silences_and_the_bias_decides_how_much():
    def silent(bias):
        caption = said(show.maps, show.MAPS, "photograph", 0.0, bias, "ReLU")
        return int(caption.split("; ")[1].split("%")[0])

    assert silent(-1.0) > silent(0.0) > silent(1.0)


# convolution or correlation


@pytest.mark.parametrize("mode", show.MODES)
@pytest.mark.parametrize("kernel", show.STAMPS)
def test_the_flip_counts_the_cells_that_differ(mode, kernel):
    x, w = show.DOTS["two dots"], show.STAMPS[kernel]
    differ = (~np.isclose(nn.convolve(x, w, mode), nn.correlate(x, w, mode))).sum()
    for turned in (False, True):
        caption = said(show.flip, show.SIGNS, "two dots", kernel, mode, turned)
        assert ("convolution" if turned else "correlation") in caption
        if kernel == "Laplacian":
            assert differ == 0 and "flipping it changes nothing" in caption
        else:
            assert differ > 0 and f"{differ} of" in caption


def test_one_dot_prints_the_kernel():
    w = show.STAMPS["1 to 9"]
    assert np.array_equal(nn.convolve(show.DOTS["one dot"], w)[1:4, 1:4], w)
    assert "as it is written" in said(show.flip, show.SIGNS, "one dot", "1 to 9", "valid", True)
    assert "turned by 180°" in said(show.flip, show.SIGNS, "one dot", "1 to 9", "valid", False)


def moving(signal="1 to 6", filter="average, 1/m", length=3, padding="narrow", at=1, turn=False):
    return said(show.moving, show.MOVING, signal, filter, length, padding, at, turn)


def test_the_moving_average_has_the_worked_numbers():
    assert "n − m + 1 = <b>4</b> numbers: 2, 3, 4, 5." in moving()
    assert "<b>8</b> numbers: 0.333, 1, 2, 3, 4, 5, 3.67, 2." in moving(padding="wide")
    assert "n = <b>6</b>" in moving(padding="equal")
    assert "a level of 5 becomes <b>2.5</b>" in moving("constant 5", "slip: 1/n")
    assert "a level of 5 stays 5" in moving("constant 5")
    assert "finds no place" in moving(length=7) and "= 0." in moving(length=7)


@pytest.mark.parametrize("turn", [False, True])
@pytest.mark.parametrize("length", [1, 2, 4, 9])
@pytest.mark.parametrize("padding", show.PADDINGS)
def test_every_output_stands_above_the_middle_of_its_window(padding, length, turn):
    picture = Picture(**show.MOVING)
    args = "one pulse", "average, 1/m", length, padding, 1, turn
    picture.render(lambda axes: show.moving(axes, *args))
    place, value = picture.axes["S"].lines[1].get_data()
    reached = place[np.asarray(value) > 0]
    assert reached.mean() == pytest.approx(13)  # the pulse stands at 13
    assert len(reached) == length


def test_a_filter_says_whether_it_can_be_told_from_its_turn():
    assert "looks the same when turned" in moving()
    assert "it is another filter" in moving(filter="fading")


@pytest.mark.parametrize("turn", [False, True])
@pytest.mark.parametrize("padding", show.PADDINGS)
def test_one_output_is_written_out_with_the_numbers_it_saw(padding, turn):
    f = show.FILTERS["fading"](4, 24)
    x, mode = show.SIGNALS["noisy step"], show.PADDINGS[padding]
    y = (nn.convolve if turn else nn.correlate)(x, f, mode)
    for at in (1, 13, 32):
        caption = moving("noisy step", "fading", 4, padding, at, turn).replace("−", "-")
        number, sum_of, value = re.search(r"Output (\d+) = (.*) = <b>(.*)</b>", caption).groups()
        assert int(number) == min(at, len(y))
        assert float(value) == pytest.approx(y[int(number) - 1], rel=6e-3)
        pairs = [re.sub("[()]", "", term).split("·") for term in sum_of.split(" + ")]
        assert sum(float(w) * float(v) for w, v in pairs) == pytest.approx(float(value), abs=0.03)


# move the image


@pytest.mark.parametrize("activation", show.AFTER)
@pytest.mark.parametrize("kernel", show.SEEN)
def test_a_shift_goes_through_exactly_and_a_turn_only_through_round_kernels(kernel, activation):
    def gap(*motion):
        _, _, a, _, b = show.both_ways(4, kernel, activation, *motion)
        return np.abs(a - b).max()

    assert gap(4, -4, 0, 1) == 0
    assert (gap(0, 0, 90, 1) < 1e-9) == (kernel != "Sobel ↔")
    assert gap(0, 0, 0, 2) > 0.01


def test_moving_is_what_it_says():
    x = np.zeros((6, 6))
    x[2, 3] = 1
    assert np.argwhere(show.moved(x, 1, 2, 0, 1)).tolist() == [[4, 4]]
    assert np.array_equal(show.moved(x, 0, 0, 90, 1), np.rot90(x))
    assert np.argwhere(show.moved(x, 0, 0, 0, 2)).tolist() == [[1, 3], [1, 4], [2, 3], [2, 4]]


def test_the_square_tells_what_stays():
    still = said(show.square, show.SQUARE, 3, "Sobel ↔", "nothing", 2, -3, 0, 1)
    assert "The two ways meet" in still and "correlation 1.00" in still
    assert "Nothing is moved" in said(show.square, show.SQUARE, 3, "Sobel ↔", "nothing", 0, 0, 0, 1)
    turned = said(show.square, show.SQUARE, 3, "Sobel ↔", "nothing", 0, 0, 90, 1)
    assert "do not meet" in turned and "difference 0.00" not in turned


def test_likeness_is_the_correlation():
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=(2, 5, 5))
    assert show.likeness(a, b) == pytest.approx(np.corrcoef(a.ravel(), b.ravel())[0, 1])
    assert show.likeness(a, 0 * a) == 1.0


# channels


def test_the_three_channels_have_the_worked_numbers():
    assert "1 + 5 + (−1) + bias 1 = <b>6</b>" in said(show.three, show.THREE, 2, 2, 1)
    layer = nn.Conv2d(3, 1, 3, pad=1, rng=np.random.default_rng(0))
    layer.W[0], layer.b[...] = show.RGB_KERNEL, -3
    out = layer(show.RGB[None].astype(float))[0, 0]
    for row, column in np.ndindex(5, 5):
        total = str(int(out[row, column])).replace("-", "−")
        assert f"<b>{total}</b>" in said(show.three, show.THREE, row, column, -3)


@pytest.mark.parametrize(("C", "F", "k"), [(1, 1, 1), (3, 2, 3), (4, 4, 5)])
def test_the_table_counts_as_the_layer_does(C, F, k):
    layer = nn.Conv2d(C, F, k, rng=np.random.default_rng(0))
    own = sum(p.size for p in layer.parameters())
    dense = C * 900 * F * (31 - k) ** 2 + F * (31 - k) ** 2
    caption = said(show.table, show.TABLE, C, F, k, 3, 3)
    assert f"<b>{own} parameters</b>" in caption and f"has {dense:,}." in caption
    assert f"W[{F - 1}, {C - 1}]" in caption  # never a filter that is not there


def test_the_parts_of_a_row_add_up_to_its_map():
    x, bank = channels.colour_channels(), show.filter_bank(3)
    layer = nn.Conv2d(4, 4, 3, rng=np.random.default_rng(0))
    layer.W[...] = bank
    parts = [
        [scipy_signal.correlate2d(x[c], w, "valid") for c, w in enumerate(row)] for row in bank
    ]
    assert np.allclose(np.sum(parts, axis=1), layer(x[None])[0])
    assert np.allclose(bank[0].transpose(0, 2, 1), bank[2])  # edges across, and down
    assert not show.filter_bank(1)[[0, 2]].any()  # one pixel has no edge


# a kernel that is found


@pytest.mark.parametrize("goal", show.GOALS)
@pytest.mark.parametrize("turns", [False, True])
def test_training_finds_the_kernel_turned_if_the_layer_turns_it(goal, turns):
    kernels, losses = show.learned(goal, "random pixels", turns)
    assert len(kernels) == len(losses) == show.STEPS + 1
    assert losses[0] > 0.1 and losses[-1] < 1e-6
    assert np.allclose(np.rot90(kernels[-1], 2 * turns), show.kernel_of(goal), atol=1e-3)


def test_on_the_photograph_the_map_is_right_long_before_the_weights():
    kernels, losses = show.learned("Mean", "photograph", False)
    off = np.abs(kernels - show.kernel_of("Mean")).max(axis=(1, 2))
    assert losses[60] < 0.01 and off[60] > 0.1
    caption = said(show.learning, show.LEARN, 12, "Mean", "photograph", False)
    assert "After 60 steps" in caption and f"<b>{off[60]:.3f}</b> off" in caption
