"""Text drawn from memory: setting letters is half the cost of a redraw, and most do not change."""

import functools

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg, get_hinting_flag
from matplotlib.font_manager import findfont, get_font

STRINGS = 4000  # kept at a time, about a kilobyte each


class Canvas(FigureCanvasAgg):
    """Matplotlib's Agg canvas, except that a line of text is set once and then remembered.

    Text stands on whole pixels, so a picture is the same whether its text was remembered or not.
    """

    def get_renderer(self):
        renderer = super().get_renderer()
        renderer.draw_text = functools.partial(draw_text, renderer)
        renderer.get_text_width_height_descent = functools.partial(measure, renderer)
        renderer._get_font_height_metrics = lambda prop: remembered(heights, prop, renderer.dpi)
        return renderer


MEMORY: dict = {}


def remembered(make, prop, *rest):
    """``make(prop, *rest)``, made once. A font is known by its hash: matplotlib, too, holds two
    for equal if their hashes are, but asks for them three times."""
    key = make, hash(prop), *rest
    if key not in MEMORY:
        if len(MEMORY) == STRINGS:
            MEMORY.clear()
        MEMORY[key] = make(prop, *rest)
    return MEMORY[key]


def measure(renderer, s, prop, ismath):
    """``RendererAgg.get_text_width_height_descent``: what is measured is drawn soon after."""
    if ismath:
        return RendererAgg.get_text_width_height_descent(renderer, s, prop, ismath)
    return remembered(lettering, prop, renderer.dpi, s)[-1]


def draw_text(renderer, gc, x, y, s, prop, angle, ismath=False, mtext=None):
    """``RendererAgg.draw_text``, with a memory for level text without formulas."""
    if ismath or angle:
        return RendererAgg.draw_text(renderer, gc, x, y, s, prop, angle, ismath, mtext)
    letters, right, (_, _, down) = remembered(lettering, prop, renderer.dpi, s)
    if letters.size:
        renderer._renderer.draw_text_image(letters, round(x + right), round(y + down) + 1, 0, gc)


def lettering(prop, dpi, s):
    """The letters as grey levels, how far right of the text's place they stand, and the text's
    width, height and descent (how far down they stand), in pixels."""
    font = get_font(findfont(prop))
    font.set_size(prop.get_size_in_points(), dpi)
    font.set_text(s, 0.0, flags=get_hinting_flag())
    font.draw_glyphs_to_bitmap(antialiased=True)
    right, _ = font.get_bitmap_offset()
    size = tuple(length / 64 for length in (*font.get_width_height(), font.get_descent()))
    return np.array(font.get_image()), right / 64, size


def heights(prop, dpi):
    """Ascent, descent and line gap of a font in pixels; matplotlib 3.11 reads them for each text.

    None where the font does not say: then matplotlib measures.
    """
    font = get_font(findfont(prop))
    tables = (
        ("OS/2", "sTypoAscender", "sTypoDescender", "sTypoLineGap"),
        ("hhea", "ascent", "descent", "lineGap"),
    )
    for table, *keys in tables:
        if found := font.get_sfnt_table(table):
            unit = prop.get_size_in_points() * dpi / 72 / font.get_sfnt_table("head")["unitsPerEm"]
            up, down, gap = (unit * found[key] for key in keys)
            return up, -down, gap
    return None, None, None
