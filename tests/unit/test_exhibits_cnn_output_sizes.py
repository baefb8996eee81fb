"""The drawings of the output-size notebook: what they compute, what they say, what they build."""

import html
import re

import numpy as np
import pytest

import nnlib as nn
from nnlib.exhibits import cnn_output_sizes as show
from nnlib.exhibits.cnn_output_sizes import moves, reads, settings, stack, tower, windows
from nnlib.interact import Picture, explore

START = {
    "layer": "convolution", "input_size": "3 x 8 x 10", "kernel": "3", "kernels": "4",
    "stride": "2", "padding": "0", "dilation": "1",
}  # fmt: skip
SHEET = Picture((8.6, 4.6), 1)


def plan(**change):
    return settings.read(**{**START, **change})


def said(draw, *args, **kwargs):
    """The caption of a drawing, drawn on real axes, without its tags."""
    caption = SHEET.render(lambda ax: draw(ax, *args, **kwargs))[1]
    return html.unescape(re.sub(r"<[^>]*>", "", caption))


def calculator(position=0, **change):
    return said(show.draw_calculator, **{**START, **change}, position=position)


# ------------------------------------------------------------------ one axis


def test_an_axis_counts_like_conv_size_and_tells_what_is_left():
    rng = np.random.default_rng(0)
    for _ in range(4000):
        size, k, stride, dilation = (int(rng.integers(1, high)) for high in (15, 6, 6, 4))
        pad = [int(rng.integers(0, 4)), tuple(rng.integers(0, 4, 2).tolist()), "same", "valid"]
        pad = pad[int(rng.integers(4))]
        a = windows.axis(size, k, stride, pad, dilation)
        try:
            out = nn.conv_size(size, k, stride, pad, dilation)
        except ValueError:
            assert a.count == 0 and a.room < 0 and a.reads().sum() == 0
            continue
        assert a.count == out and a.reads().sum() == out * k and len(a.reads()) == a.padded
        last = a.before + size - nn.dropped_pixels(size, k, stride, pad, dilation)
        assert not a.reads()[last : a.before + size].any()
        assert a.cells(out - 1)[-1] + a.rest == a.padded - 1
        assert size in windows.same_answer(a)


@pytest.mark.parametrize(
    "args,text",
    [
        ((7, 3), "(7 − 3) / 1 + 1 = 4 + 1 = 5"),
        ((5, 3, 2, 1), "(5 + 1 + 1 − 3) / 2 + 1 = 2 + 1 = 3"),
        ((224, 11, 4), "⌊(224 − 11) / 4⌋ + 1 = ⌊53.25⌋ + 1 = 54"),
        ((12, 3, 3, 0, 2), "⌊(12 − 5) / 3⌋ + 1 ≈ ⌊2.33⌋ + 1 = 3"),
        ((4, 7), "(4 − 7) = −3: not one window fits"),
    ],
)
def test_the_formula_is_filled_in(args, text):
    assert windows.axis(*args).formula() == text


def test_the_nearest_settings_fit_and_none_nearer_does():
    rng = np.random.default_rng(1)
    fields = {"input": "size", "kernel": "k", "stride": "stride", "padding": "after"}
    for _ in range(300):
        size, k, stride, pad, dilation = (int(rng.integers(*r)) for r in (
            (1, 15), (1, 7), (1, 6), (0, 3), (1, 3)
        ))  # fmt: skip
        a = windows.axis(size, k, stride, pad, dilation)
        for name, values in windows.nearest(a).items():
            here = getattr(a, fields[name])
            for value in values:
                between = range(min(here, value) + 1, max(here, value))
                b, *nearer = (a._replace(**{fields[name]: v}) for v in (value, *between))
                assert b.room >= 0 and b.rest == 0 and value != here
                assert all(c.room < 0 or c.rest for c in nearer)


def test_the_nearest_settings_of_28_5_2():
    near = windows.nearest(windows.axis(28, 5, 2))
    assert near == {"input": [27, 29], "kernel": [4, 6], "stride": [1], "padding": [1]}


@pytest.mark.parametrize("pad,corner,edge,centre", [(0, 1, 3, 9), (1, 4, 6, 9)])
def test_W27_reads(pad, corner, edge, centre):
    times = reads.times_read(windows.axis(5, 3, 1, pad))
    assert (times[0, 0], times[0, 2], times[2, 2]) == (corner, edge, centre)
    conv = nn.Conv2d(1, 1, 3, pad=pad, rng=np.random.default_rng(0))
    conv.W[...] = 1
    dx = conv.backward(np.ones_like(conv(np.zeros((1, 1, 5, 5)))))
    assert np.array_equal(times, dx[0, 0])


# ------------------------------------------------------------------ the calculator


PADDINGS = ["0", "1", "2", "same", "valid", "1 x 2", "0 1 2 1", "[[0,0],[1,0],[2,1],[0,0]]"]


@pytest.mark.parametrize("layer", settings.KINDS)
def test_the_code_builds_the_layer_with_the_shapes_of_the_picture(layer):
    """Thousands of random settings: what the calculator says is what the layer does."""
    rng, agreed = np.random.default_rng(2), 0
    for _ in range(1500):
        h, w, kh, kw, sh, sw, dh, dw = (int(rng.integers(1, high)) for high in (
            13, 13, 6, 6, 5, 5, 4, 4
        ))  # fmt: skip
        c_in, c_out = (int(n) for n in rng.integers(1, 4, 2))
        text = {
            "layer": layer, "input_size": f"{c_in} x {h} x {w}", "kernel": f"{kh} x {kw}",
            "kernels": f"{c_out}", "stride": f"({sh}, {sw})",
            "padding": PADDINGS[int(rng.integers(len(PADDINGS)))], "dilation": f"{dh},{dw}",
        }  # fmt: skip
        try:
            told = settings.read(**text)
        except ValueError as problem:
            assert re.match(r"(padding|dilation): ", str(problem))
            continue
        built = eval(told.code, {"nn": nn, "rng": rng})
        x = np.ones((1, c_in, h, w))
        if not told.fits:
            with pytest.raises(ValueError, match="takes a window that fits"):
                built(x)
            continue
        assert built(x).shape[1:] == told.shapes[1], told.code
        assert told.shapes[0] == (c_in, h, w)
        assert sum(p.size for p in built.parameters()) == told.parameters
        agreed += 1
    assert agreed > 100


@pytest.mark.parametrize(
    "change,code",
    [
        ({}, "nn.Conv2d(3, 4, 3, stride=2, rng=rng)"),
        ({"padding": "same"}, "nn.Conv2d(3, 4, 3, stride=2, pad='same', rng=rng)"),
        ({"padding": "1 2"}, "nn.Conv2d(3, 4, 3, stride=2, pad=(1, 2), rng=rng)"),
        ({"padding": "1 0 1 0"}, "nn.Conv2d(3, 4, 3, stride=2, pad=((1, 0), (1, 0)), rng=rng)"),
        ({"kernel": "3 x 5", "stride": "1"}, "nn.Conv2d(3, 4, (3, 5), rng=rng)"),
        ({"layer": "max pooling"}, "nn.MaxPool2d(3, stride=2)"),
        ({"layer": "max pooling", "kernel": "2"}, "nn.MaxPool2d(2)"),
        ({"layer": "transposed"}, "nn.ConvTranspose2d(3, 4, 3, stride=2, rng=rng)"),
    ],
)
def test_the_code_is_as_short_as_it_can_be(change, code):
    assert plan(**change).code == code


@pytest.mark.parametrize(
    "change,words",
    [
        ({"kernel": "0"}, "kernel: 0 is less than 1; a window needs at least one cell"),
        ({"kernel": "-3"}, "kernel: −3 is less than 1"),
        ({"kernel": "three"}, "kernel: I read “three”, but I need numbers"),
        ({"kernel": "2.5"}, "kernel: 2.5 is no whole number"),
        ({"kernel": "9" * 5000}, "kernel: 999999999999 is too large"),
        ({"kernel": "1 2 3"}, "kernel: one number, or two"),
        ({"kernel": "3; import os"}, "kernel: I read “3; import os”"),
        ({"stride": "0"}, "stride: 0 is less than 1; the window would never move on"),
        ({"stride": ""}, "stride: I read “”"),
        ({"padding": "-1"}, "padding: −1 is less than 0; that would cut pixels off"),
        ({"padding": "full"}, "padding: “full” is no word I know"),
        ({"padding": "1 2 3"}, "I read 3"),
        ({"padding": "[[1,1],[0,0],[0,0],[0,0]]"}, "first and the last pair"),
        ({"padding": "same", "layer": "transposed"}, "“same” is for convolution"),
        ({"padding": "9", "layer": "transposed", "input_size": "2"}, "nothing would be left"),
        ({"padding": "3", "layer": "max pooling"}, "padding: less than the kernel"),
        ({"dilation": "2", "layer": "max pooling"}, "dilation: pooling here"),
        ({"input_size": "0"}, "input: 0 is less than 1"),
        ({"input_size": "1 2 3 4"}, "input: one number, height x width"),
        ({"kernels": "1 2"}, "kernels: one number"),
    ],
)
def test_what_cannot_be_is_answered_in_words(change, words):
    caption = calculator(**change)
    assert words in caption and "Change that field" in caption


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("text", ["三", "$\\frac$", "<b>3</b>", "３ − 4", "3 🙂"])
def test_odd_letters_and_formulas_are_only_letters(text):
    assert "kernel: I read" in calculator(kernel=text) and text[:1] in calculator(kernel=text)
    assert "cannot be built" in said(show.draw_stack, "3 x 32 x 32", f"conv3 {text}", 2)
    assert "input: I read" in said(show.draw_stack, text, "conv3", 2)


def test_the_calculator_tells_shapes_rest_and_neighbours():
    assert "3×8×10 → 4×3×4, 112 parameters" in calculator()
    assert "height: input 7 or 9, kernel 2 or 4, stride 1 or 5, padding behind 1;" in calculator()
    assert "What would fit" not in calculator(input_size="3 x 7 x 9")
    assert "No output: along the height the window reaches over 9" in calculator(kernel="9 x 3")
    assert "builds, but refuses this image" in calculator(kernel="9")
    assert "from 9..10 x 11..12 pixels" in calculator(
        layer="transposed", input_size="4 x 5", padding="0"
    )


def test_pooling_is_advised_nothing_that_it_refuses():
    caption = calculator(layer="max pooling", input_size="9", kernel="1", stride="5")
    assert "height and width: input 6 or 11, kernel 4, stride 4 or 8." in caption
    caption = calculator(layer="max pooling", input_size="5", kernel="2", stride="3", padding="1")
    assert "kernel" not in caption.split("change at a time")[1].replace("kernel 4", "")


def test_the_picture_says_which_window_it_is():
    texts = []
    SHEET.render(
        lambda ax: (show.draw_calculator(ax, **START, position=14), texts.extend(ax.texts))
    )
    assert "window 3 of 12" in [text.get_text() for text in texts]


def test_same_axes_are_advised_once():
    assert "height and width: input 27 or 29" in calculator(input_size="28", kernel="5")


@pytest.mark.parametrize("size", ["300", "301", "9999", "3 x 9999"])
def test_large_images_are_drawn_or_only_counted(size):
    assert "→" in calculator(input_size=size, position=99)


def test_the_sliding_window_counts_what_is_lost():
    assert "8×8 pixels become 3×3 numbers; 15 pixels are never read" in said(
        show.draw_sliding, 8, 3, 2, 0, 4
    )
    assert "Position 5 of 9" in said(show.draw_sliding, 8, 3, 2, 0, 13)
    assert "every pixel is read" in said(show.draw_sliding, 7, 3, 2, 0, 0)
    assert "does not fit into 3×3" in said(show.draw_sliding, 3, 7, 1, 0, 0)


# ------------------------------------------------------------------ buttons


def test_windows_step_round_and_back():
    at = {**START, "position": 11}  # 3 × 4 positions
    assert show.stepped(1)(**at) == {"position": 0}
    assert show.stepped(-1)(**{**at, "position": 0}) == {"position": 11}
    assert show.stepped(1)(**{**at, "kernel": "0"}) == {}
    assert show.stepped(1)(**{**at, "kernel": "99"}) == {}


@pytest.mark.parametrize(
    "change",
    [
        {}, {"kernel": "20"}, {"kernel": "5", "dilation": "4"}, {"stride": "7"},
        {"layer": "max pooling", "kernel": "2", "stride": "5", "input_size": "3 x 8 x 11"},
        {"padding": "1 0 2 1", "stride": "3"},
    ],
)  # fmt: skip
def test_make_it_fit_leaves_no_rest(change):
    fields = {**START, **change}
    for _ in range(2):  # first a kernel that is small enough, then the rest
        fields |= show.make_fit(position=0, **fields)
    fitted = settings.read(**fields)
    assert fitted.fits and fitted.rows.rest == fitted.columns.rest == 0
    assert show.make_fit(position=0, **fields) == {}


# ------------------------------------------------------------------ the stack


@pytest.mark.parametrize(
    "name,spec",
    [
        ("LeNet-5", nn.models.lenet5_modern()), ("AlexNet", nn.models.alexnet()),
        ("VGG-16", nn.models.vgg(16)),
    ],
)  # fmt: skip
def test_the_presets_are_the_networks(name, spec):
    shape, floors = stack.build(**show.PRESETS[name])
    rows = [row for row in nn.summary(spec, shape) if row.out != shape]
    total = nn.summary(spec, shape).total
    assert sum(f.parameters for f in floors) == total.parameters
    assert sum(f.macs for f in floors) == total.macs
    assert {f.out for f in floors} <= {row.out for row in rows}
    assert floors[-1].out == rows[-1].out and floors[-1].axes == rows[-1].axes


@pytest.mark.parametrize("name", [*show.PRESETS, None])
def test_the_code_of_a_stack_counts_it(name):
    net = show.PRESETS.get(name) or {"input_shape": "3 x 20 x 30", "layers": "conv8k3x5s1x2 avg2"}
    code = said(show.draw_stack, **net, pick=1).split("parameters.")[-1]
    rows = eval(code, {"nn": nn})
    built = stack.build(**net)[1]
    assert [(r.out, r.parameters, r.macs) for r in rows] == [
        (f.out, f.parameters, f.macs) for f in built
    ]


def floors(layers, shape="3 x 32 x 32"):
    return stack.build(shape, layers)[1]


def test_SIZE_15_shapes():
    assert [f.out for f in floors("conv6k5 conv10k5")] == [(6, 28, 28), (10, 24, 24)]


def test_every_setting_of_a_word_reaches_its_layer():
    (only,) = floors("conv8k3x5s1x2p2d2g1", "2 x 30 x 40")
    layer = nn.Conv2d(2, 8, (3, 5), (1, 2), 2, 2, rng=np.random.default_rng(0))
    assert only.out == layer.out_shape((2, 30, 40))
    assert only.parameters == sum(p.size for p in layer.parameters())
    assert floors("avg3s2p1")[0].out == nn.AveragePool2d(3, 2, 1).out_shape((3, 32, 32))
    assert [f.out for f in floors("pool global dense7")] == [(3, 16, 16), (3,), (7,)]


@pytest.mark.parametrize(
    "layers,at,words",
    [
        ("conv6k5 dense10", 2, "put flatten before it"),
        ("flatten conv3", 2, "put it before flatten"),
        ("flatten pool2", 2, "gets a vector of 3,072"),
        ("flatten flatten", 2, "gets a vector already"),
        ("conv6k40", 1, "reaches over 40 pixels, but the maps are only 32 high"),
        ("conv6k40p2", 1, "(36 with padding)"),
        ("conv6k9d5", 1, "reaches over 41"),
        ("pool2 cnov3", 2, "I know conv, pool, avg, flatten, global and dense"),
        ("conv", 1, "how many maps?"),
        ("dense", 1, "how many units?"),
        ("conv0", 1, "conv: 0 is less than 1"),
        ("conv-4", 1, "conv: −4 is less than 1"),
        ("conv8s0", 1, "stride: 0 is less than 1"),
        ("conv8p-1", 1, "padding: −1 is less than 0"),
        ("conv8k99999999", 1, "is too large"),
        ("conv9g2", 1, "2 groups must divide the 3 maps in and 9 out"),
        ("pool2p2", 1, "hides whole windows"),
        ("pool2k3", 1, "pool has no setting k"),
        ("flatten7", 1, "takes no number"),
    ],
)
def test_a_stack_that_cannot_be_built_says_why(layers, at, words):
    caption = said(show.draw_stack, "3 x 32 x 32", f"{layers} dense5", 1)
    assert "cannot be built" in caption and f"Layer {at}," in caption and words in caption
    assert [bool(f.problem) for f in floors(f"{layers} dense5")].count(True) == 1


@pytest.mark.parametrize(
    "shape,layers,words",
    [
        ("32", "conv6", "channels x height x width"),
        ("0 x 32 x 32", "conv6", "input: 0 is less than 1"),
        ("3 x 32 x 32", "", "there is none yet"),
        ("3 x 32 x 32", "conv8p1 " * 31, "31 are too many"),
    ],
)
def test_a_sheet_without_a_stack_says_why(shape, layers, words):
    caption = said(show.draw_stack, shape, layers, 3)
    assert words in caption and "Change that field" in caption


def test_the_padding_that_is_advised_fits():
    for k in range(33, 45):
        pad = re.search(r"padding p(\d+)", floors(f"conv6k{k}")[0].problem)[1]
        assert floors(f"conv6k{k}p{pad}")[0].out and floors(f"conv6k{k}p{int(pad) - 1}")[0].problem


def test_the_stack_says_what_a_unit_sees():
    caption = said(show.draw_stack, **show.PRESETS["VGG-16"], pick=18)
    assert "512×14×14 → 512×7×7" in caption and "sees 212×212 pixels." in caption
    assert "more than the image" in said(show.draw_stack, **show.PRESETS["VGG-16"], pick=30)
    assert tower.short(1_231_168) == "1.23 M" and tower.short(0) == ""


def test_the_box_lies_round_the_middle_unit():
    first = floors("conv1k3", "1 x 9 x 9")[0]
    assert tower.field(first, 0) == (3, 6)  # unit 3 of 0..6 sees rows 3, 4, 5
    first = floors("conv1k3p1", "1 x 9 x 9")[0]
    assert tower.field(first, 1) == (3, 6)


def test_buttons_add_remove_and_change():
    at = {"input_shape": "3 x 32 x 32", "layers": "conv6k5 pool2", "pick": 1}
    act = show.STACK_ACTIONS
    assert act["Add pool"](**at) == {"layers": "conv6k5 pool2 pool2", "pick": 2}
    assert act["Add flatten"](**{**at, "pick": 30}) == {
        "layers": "conv6k5 pool2 flatten", "pick": 3,
    }  # fmt: skip
    assert act["Add conv"](**{**at, "layers": ""}) == {"layers": "conv16k3p1", "pick": 1}
    assert act["Remove"](**at) == {"layers": "pool2", "pick": 1}
    assert act["Remove"](**{**at, "layers": ""}) == {}
    assert act["Next kernel"](**at) == {"layers": "conv6k7 pool2"}
    assert act["Next kernel"](**{**at, "layers": "conv6k11"}) == {"layers": "conv6k1"}
    assert act["Next stride"](**at) == {"layers": "conv6k5s2 pool2"}
    assert act["Next stride"](**{**at, "pick": 2}) == {"layers": "conv6k5 pool2s3"}
    assert act["Next padding"](**at) == {"layers": "conv6k5p1 pool2"}
    assert act["Next kernel"](**{**at, "pick": 2}) == {}
    assert act["Next kernel"](**{**at, "layers": "nonsense"}) == {}
    assert act["AlexNet"](**at) == {**show.PRESETS["AlexNet"], "pick": 1}
    assert act["Add pool"](**{**at, "layers": "pool " * stack.LIMIT}) == {}
    assert set(moves.FIELDS) == set(START)


def test_samples_of_the_fields_are_good_and_bad_as_they_say():
    calculator_fields = show.calculator_controls(), show.draw_calculator
    for controls, draw in (calculator_fields, (show.stack_controls(), show.draw_stack)):
        exhibit = explore(draw, **controls)
        for name, widget in exhibit.controls.items():
            for value in getattr(widget, "good", []):
                exhibit.set({name: value})
                assert not exhibit.error.value and "Change that" not in exhibit.caption.value
                assert "cannot be built" not in exhibit.caption.value
            exhibit.reset()


# ------------------------------------------------------------------ the volume


def test_W23_volume():
    out = show.volume_conv()(show.X[None])[0]
    assert np.array_equal(out[0], [[6, 7, 5], [3, -1, -1], [2, -1, 4]])
    assert np.array_equal(out[1], [[2, -5, -8], [1, -4, -4], [0, -5, -5]])


def test_the_volume_adds_up_at_every_step():
    out = show.volume_conv()(show.X[None])[0].reshape(2, show.VOLUME_STEPS)
    for which, step in np.ndindex(out.shape):
        caption = said(show.draw_volume, step, which)
        total = caption.split("bias: ")[1].rstrip(".").replace("−", "-").replace("- ", "-")
        left, right = total.replace("+ ", "").split(" = ")
        assert sum(map(float, left.split())) == float(right) == out[which, step]
    assert "4 + 0 + 1 + 1 = 6" in said(show.draw_volume, 0, 0)


# ------------------------------------------------------------------ how many kernels


def test_training_snapshots_are_copies_and_the_picture_follows():
    run = show.train_kernels(2, 2)
    first = next(run)
    kept = first["W"].copy()
    for _ in range(4):
        last = next(run)
    assert np.array_equal(first["W"], kept) and not np.array_equal(last["W"], kept)
    assert last["maps"].shape == (10, 2, 8, 8) and len(last["right"]) == 5
    picture = Picture(**show.KERNELS)
    _, caption = picture.render(lambda axes: show.draw_kernels(axes, first, 3))
    assert "Not trained yet: 2 kernels" in caption and "248 parameters" in caption
    _, caption = picture.render(lambda axes: show.draw_kernels(axes, last, 3))
    assert f"{last['right'][-1]:.1%}" in caption
