"""Exhibits without a browser: what a control does, the picture, the caption, training."""

import asyncio
import base64
import gc
import io
import threading
import weakref

import ipywidgets as widgets
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.image import imread

from nnlib import viz
from nnlib.interact import (
    Matrix,
    Picture,
    TextField,
    explore,
    lettering,
    live,
    picture,
    png,
    step_through,
)
from nnlib.interact.controls import control, plain
from tests.notebooks.pictures import difference


def draw(ax, height, name):
    """A bar of that height."""
    ax.bar([0], [height], color="#0072B2")
    ax.set(xlim=(-1, 1), ylim=(0, 3), title=name)
    return f"The bar of {name} is {height:.1f} high."


def pixels(data):
    return imread(io.BytesIO(data))[..., :3]


@pytest.fixture
def bar():
    return explore(draw, height=(0.0, 3.0, 0.1, 1.0), name=["cat", "dog"])


def test_png_holds_exactly_the_pixels():
    rgba = np.random.default_rng(0).integers(0, 256, (7, 5, 4), dtype=np.uint8)
    assert np.array_equal(np.round(pixels(png(rgba)) * 255), rgba[..., :3])


def shown(exhibit):
    """The PNG that the page shows."""
    head, _, data = bytes(exhibit.image.value).partition(b",")
    assert head == b"data:image/png;base64" and exhibit.image.format == "url"
    return base64.b64decode(data, validate=True)


def test_a_moved_control_changes_picture_and_caption(bar):
    before = bar.image.value
    bar.controls["height"].value = 2.0
    assert bar.caption.value == "The bar of cat is 2.0 high."
    assert bar.image.value != before and pixels(shown(bar)).std() > 0.05


def test_reset_gives_the_first_picture_back(bar):
    before = bar.image.value
    bar.set({"height": 2.5, "name": "dog"})
    assert bar.image.value != before
    bar.reset()
    assert bar.image.value == before and bar.values == {"height": 1.0, "name": "cat"}


def test_a_picture_is_the_same_whatever_was_drawn_before():
    """The kept background may not remember an earlier scale, title, tick or limit."""

    def restless(ax, kind):
        if kind == "log":
            ax.set(yscale="log", title="log", xlabel="x")
            ax.legend(ax.plot([1, 100]), ["line"])
        elif kind == "image":
            ax.imshow(np.eye(3))
            ax.set_axis_off()
        else:
            ax.plot([2, 1])

    fresh, used = {}, Picture()
    for kind in ("line", "log", "image"):
        fresh[kind] = Picture().render(lambda ax, k=kind: restless(ax, k))[0].copy()
    layout = used.render(lambda ax: restless(ax, "line"))[0].copy()
    assert np.array_equal(layout, fresh["line"])
    for kind in ("log", "line", "image", "log", "image", "line"):
        got = used.render(lambda ax, k=kind: restless(ax, k))[0].copy()
        again = used.render(lambda ax, k=kind: restless(ax, k))[0].copy()
        assert np.array_equal(got, again)
    assert np.array_equal(again, fresh["line"])


def test_a_draw_that_raises_shows_its_error_and_recovers():
    def fragile(ax, x):
        ax.plot([0, 1 / x])
        return "fine"

    exhibit = explore(fragile, x=(0, 2, 1, 1))
    exhibit.controls["x"].value = 0
    assert "ZeroDivisionError" in exhibit.error.value and "<pre>" in exhibit.error.value
    exhibit.controls["x"].value = 2
    assert exhibit.error.value == "" and exhibit.caption.value == "fine"


def test_cached_frames_equal_fresh_ones(bar, monkeypatch):
    bar.controls["height"].value = 2.0
    cached, calls = bar.frame(2), bar.serial
    monkeypatch.setenv("NNLIB_NO_CACHE", "1")
    assert bar.frame(2) == cached and bar.serial == calls


def test_the_cache_drops_the_oldest_frame_when_it_is_full(bar, monkeypatch):
    monkeypatch.setattr("nnlib.interact.exhibit.CACHE_BYTES", 3 * len(shown(bar)))
    for height in np.arange(0, 3, 0.2):
        bar.controls["height"].value = float(height)
    assert sum(len(picture) for picture, _ in bar.cache.values()) <= 3 * len(shown(bar)) + 9
    assert bar._key(2) in bar.cache


def test_refresh_draws_anew():
    data = [1.0]
    exhibit = explore(lambda ax, on: ax.bar([0], data) and f"{data[0]}", on=True)
    data[0] = 2.0
    exhibit.refresh()
    assert exhibit.caption.value == "2.0"


def test_actions_move_controls_once():
    exhibit = explore(
        draw, height=(0.0, 3.0, 0.1, 1.0), name=["cat"],
        actions={"Double": lambda height, name: {"height": 2 * height}},
    )  # fmt: skip
    buttons = {b.description: b for b in exhibit.children[1].children if hasattr(b, "click")}
    before = exhibit.serial
    buttons["Double"].click()
    assert exhibit.values["height"] == 2.0 and exhibit.serial == before + 1
    buttons["Reset"].click()
    assert exhibit.values["height"] == 1.0


def test_static_viewers_get_a_picture_and_the_sentence(bar):
    bundle = bar._repr_mimebundle_()
    assert "The bar of cat is 1.0 high." in bundle["text/plain"]
    assert "height = 1.0" in bundle["text/plain"] and bundle["image/png"].startswith("iVBOR")


def test_step_through_goes_back_and_forth():
    exhibit = step_through(lambda ax, step: ax.bar([0], [step]) and f"step {step}", 3)
    play, *_ = exhibit.children[1].children
    press = {b.description: b.click for b in exhibit.children[1].children if hasattr(b, "click")}
    press["Back"]()
    assert exhibit.caption.value == "step 0"
    for _ in range(4):
        press["Next"]()
    assert exhibit.caption.value == "step 2" and play.value == 2
    play.value = 1
    assert exhibit.caption.value == "step 1"
    with pytest.raises(ValueError, match="frames >= 2"):
        step_through(lambda ax, step: None, 1)


def test_drafts_are_coarse_only_while_moving():
    seen = []

    def slow(ax, x, draft):
        seen.append(draft)

    async def move():
        exhibit = explore(slow, x=(0, 9, 1, 0))
        for x in (1, 2, 3):
            exhibit.controls["x"].value = x
        assert exhibit.busy
        await asyncio.sleep(0.4)
        assert not exhibit.busy

    asyncio.run(move())
    assert seen == [False, True, True, True, True, False]  # the first True: drawn ahead


def test_matrix_takes_the_browsers_rounding_for_no_change():
    matrix = Matrix([[0.2]], -4, 4, 0.05, ["a"], ["x"])
    seen, echoed = [], []
    matrix.observe(lambda change: seen.append(change.new), "value")
    slider = matrix.cells[0][0]
    slider.value = -4 + 84 * 0.05  # what the page answers for 0.2
    assert slider.value != 0.2 and seen == [] and matrix.value == ((0.2,),)
    slider.observe(lambda change: echoed.append(change.new), "value")
    slider.value = -4 + 85 * 0.05
    assert seen == [((0.25,),)] and len(echoed) == 1  # and nothing is sent back to the page


def test_matrix_gives_an_array_and_can_be_set():
    matrix = Matrix([[1, 2], [3, 4]], 0, 9, 1, ["a", "b"], ["x", "y"])
    assert np.array_equal(plain(matrix.value), [[1, 2], [3, 4]])
    changes = []
    matrix.observe(changes.append, "value")
    matrix.value = ((5.0, 6.0), (7.0, 8.0))
    assert [c.value for row in matrix.cells for c in row] == [5, 6, 7, 8] and len(changes) == 1
    matrix.cells[0][1].value = 9
    assert matrix.value[0] == (5, 9)
    with pytest.raises(ValueError, match="2×1"):
        Matrix([[1, 2]], 0, 9, 1, ["a", "b"], ["x"])


def test_a_slider_shows_as_many_decimals_as_its_step_has():
    steps = (1.0, 0.25, 0.1, 0.05, 0.001)
    assert [control("x", (0.0, 4.0, step, 1.0)).readout_format for step in steps] == [
        ".0f", ".2f", ".1f", ".2f", ".3f",
    ]  # fmt: skip
    ((cell,),) = Matrix([[1]], -2, 2, 1, ["row"], ["column"]).cells
    assert cell.readout_format == ".0f"


@pytest.mark.parametrize(
    "spec, kind",
    [
        ((0, 9, 1, 3), "IntSlider"), ((0.0, 1.0, 0.1, 0.5), "FloatSlider"),
        (["a", "b"], "ToggleButtons"), (list(range(9)), "Dropdown"), ({"one": 1}, "ToggleButtons"),
        ((["a", "b"], "b"), "ToggleButtons"), (True, "Checkbox"),
        (TextField("x", good=["x"], bad=["("]), "TextField"),
    ],
)  # fmt: skip
def test_controls_are_what_the_short_form_says(spec, kind):
    widget = control("learning_rate", spec)
    assert type(widget).__name__ == kind and widget.description == "learning rate"
    if isinstance(spec, tuple):
        assert widget.value == spec[-1]


@pytest.mark.parametrize("spec", [(0, 1), "text", None, (1, 2, 3)])
def test_other_specs_are_refused_by_name(spec):
    with pytest.raises(TypeError, match="rate takes"):
        control("rate", spec)


def counting(n, pause):
    """A pretended training of n steps."""
    for k in range(n + 1):
        yield {"progress": k / n, "k": k}


def show_count(ax, snapshot, big):
    ax.bar([0], [snapshot["k"]])
    ax.set_ylim(0, 100)
    return f"{snapshot['k']} steps" + "!" * big


def test_live_starts_untrained_and_runs_to_the_end():
    exhibit = live(counting, show_count, n=(10, 90, 10, 20), pause=False, big=False)
    assert exhibit.caption.value == "0 steps" and exhibit.settings == ["n", "pause"]
    exhibit.begin()
    assert exhibit.caption.value == "20 steps" and not exhibit.busy
    assert "100% done" in exhibit.bar.value
    exhibit.controls["big"].value = True
    assert exhibit.caption.value == "20 steps!"
    exhibit.controls["n"].value = 30
    assert exhibit.caption.value == "0 steps!"


def endless():
    k = 0
    while True:
        yield {"progress": 0.5, "k": k % 100}
        k += 1


def test_live_hears_stop_and_reset_within_half_a_second():
    async def use():
        exhibit = live(endless, lambda ax, snapshot: ax.bar([0], [snapshot["k"]]) and "x")
        exhibit.begin()
        assert exhibit.busy
        shown = exhibit.serial
        await asyncio.sleep(0.5)
        assert exhibit.serial >= shown + 2
        exhibit.stop()
        await asyncio.sleep(0.4)
        assert not exhibit.busy and exhibit.task is None and exhibit.snapshot["k"] > 0
        exhibit.begin()
        await asyncio.sleep(0.2)
        exhibit.reset()
        await asyncio.sleep(0.4)
        assert not exhibit.busy and exhibit.snapshot["k"] == 0

    asyncio.run(use())


def test_rerunning_a_cell_ends_the_old_training():
    def show(ax, snapshot):
        return ""

    async def use():
        old, new = live(endless, show), live(endless, show)
        old.begin()
        await asyncio.sleep(0.1)
        new.begin()
        await asyncio.sleep(0.3)
        assert old.task is None and new.task is not None
        new.stop()
        await asyncio.sleep(0.3)

    asyncio.run(use())


def test_a_setting_that_comes_from_a_subshell_meanwhile_is_not_lost():
    def run(units):
        if units == 2:
            other = threading.Thread(target=lambda: setattr(exhibit.controls["units"], "value", 3))
            other.start()
            other.join()
        yield {"progress": 0.0, "units": units}

    async def use():
        exhibit.loop = asyncio.get_running_loop()
        exhibit.controls["units"].value = 2
        await asyncio.sleep(0.4)

    exhibit = live(run, lambda ax, snapshot: f"{snapshot['units']} units", units=(1, 5, 1, 1))
    asyncio.run(use())
    assert exhibit.snapshot["units"] == 3 and exhibit.caption.value == "3 units"


def failing():
    yield {"progress": 0, "k": 0}
    raise ValueError("the loss is not finite")


def test_an_error_in_a_training_is_shown():
    exhibit = live(failing, lambda ax, snapshot: "fine")
    exhibit.begin()
    assert "the loss is not finite" in exhibit.error.value and not exhibit.busy


# ---- text from memory ----------------------------------------------------------------------------


def words(ax, turned=0, formula=""):
    """Text at odd places, one line of it turned or with a formula."""
    ax.text(0.113, 0.217, "true 3.2, Δ = −1", weight="bold", rotation=turned)
    ax.text(0.5, 0.7, f"two\nlines {formula}", color="#0072B2", alpha=0.5, ha="center")
    ax.set(xlim=(0, 1), ylim=(0, 1), title="a title")


@pytest.mark.parametrize("scale", [1, 2])
def test_remembered_text_equals_fresh_text(scale):
    fresh = Picture((4, 3)).render(words, scale)[0].copy()
    known = len(lettering.MEMORY)
    assert (Picture((4, 3)).render(words, scale)[0] == fresh).all()
    assert len(lettering.MEMORY) == known > 4
    lettering.MEMORY.clear()
    assert (Picture((4, 3)).render(words, scale)[0] == fresh).all()


@pytest.mark.parametrize("more", [{}, {"turned": 30}, {"formula": "$x^2$"}])
@pytest.mark.parametrize("scale", [1, 2])
def test_text_looks_as_matplotlib_sets_it(more, scale, monkeypatch):
    def draw(ax):
        words(ax, **more)

    ours = png(Picture((4, 3)).render(draw, scale)[0])
    monkeypatch.setattr(picture, "Canvas", FigureCanvasAgg)
    theirs = png(Picture((4, 3)).render(draw, scale)[0])
    assert difference(ours, theirs) < 0.16
    assert difference(ours, png(Picture((4, 3)).render(lambda ax: None, scale)[0])) > 0.3


def test_size_and_weight_are_remembered_apart():
    def ink(said, **look):
        def draw(ax):
            ax.text(0.2, 0.5, said, **look)
            ax.set(xlim=(0, 1), ylim=(0, 1))

        return -Picture((4, 3)).render(draw)[0][..., :3].sum(dtype=float)

    normal, large, bold = (
        ink("Ag", **look) - ink(" ") for look in ({}, {"size": 20}, {"weight": "bold"})
    )
    assert large > 2 * normal and 1.1 * normal < bold < large


def test_blocks_are_the_bars_of_matplotlib():
    def frame(draw):
        def both(ax):
            draw(ax)
            ax.set(xlim=(-1, 3), ylim=(-3, 4))

        return Picture((4, 3)).render(both)[0].copy()

    colors, low = ["#0072B2", "#D55E00", "#009E73"], [0, 0.5, -1]
    theirs = frame(lambda ax: ax.bar(range(3), [1, -2, 3], 0.7, low, color=colors, alpha=0.4))
    ours = frame(
        lambda ax: viz.blocks(ax, range(3), [1, -2, 3], 0.7, bottom=low, colors=colors, alpha=0.4)
    )
    assert (ours == theirs).all()
    assert (frame(lambda ax: viz.blocks(ax, [], [])) == frame(lambda ax: None)).all()


def test_an_event_during_a_redraw_keeps_it_busy_and_spoils_no_cached_frame():
    """A front end's subshell moves the control while the sharp picture is being drawn."""
    heights, busy = [], []

    def slow(ax, height):
        heights.append(height)
        if len(heights) == 4:  # the sharp picture of 1: now comes 2, from another thread
            event = threading.Thread(target=exhibit.controls["height"].set_trait, args=("value", 2))
            event.start()
            event.join()
        return draw(ax, height, "a")

    async def move():
        nonlocal exhibit
        exhibit = explore(slow, height=(0, 3, 1, 0))
        exhibit.observe(lambda change: busy.append(change.new), "busy")
        exhibit.controls["height"].value = 1
        await asyncio.sleep(1)

    exhibit = None
    asyncio.run(move())
    assert heights == [0, 0, 1, 1, 2, 2] and busy == [True, False]
    assert "2.0 high" in exhibit.caption.value
    said = {key[2]: caption for key, (_, caption) in exhibit.cache.items()}
    assert "1.0 high" in said["{'height': 1}"] and "2.0 high" in said["{'height': 2}"]


def test_an_observer_that_raises_leaves_the_exhibit_alive():
    def trouble(change):
        raise KeyError("no such key")

    exhibit = explore(lambda ax, height: draw(ax, height, "a"), height=(0, 3, 1, 0))
    exhibit.controls["height"].observe(trouble, "value")
    with pytest.raises(KeyError):
        exhibit.set({"height": 2})
    assert "2.0 high" in exhibit.caption.value and not exhibit.busy
    exhibit.controls["height"].unobserve(trouble, "value")
    exhibit.controls["height"].value = 1
    assert "1.0 high" in exhibit.caption.value


def test_an_exhibit_in_a_kernel_is_spared_by_the_collector_until_its_cell_runs_again():
    async def in_a_kernel():
        return explore(lambda ax: "", size=(1, 1))

    def figure():
        return weakref.ref(asyncio.run(in_a_kernel()).picture.fig)

    try:
        old = figure()
        assert gc.get_freeze_count() > 1000
        widgets.Widget.close_all()  # nobody shows the old one any more
        figure()
        assert old() is None
    finally:
        gc.unfreeze()
