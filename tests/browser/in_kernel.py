"""What the browser tests ask of a notebook's kernel; imported there, not in the tests."""

import ipywidgets
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.text import Text

FIGURES = []


def keep_figures():
    """Hold on to every figure made from now on, the closed ones too."""
    made = Figure.__init__

    def keep(self, *args, **kwargs):
        made(self, *args, **kwargs)
        FIGURES.append(self)

    Figure.__init__ = keep


def busy():
    """Whether an exhibit still has something to draw."""
    return any(getattr(widget, "busy", False) for widget in ipywidgets.Widget.widgets.values())


def drawn():
    """How many pictures all exhibits have drawn so far, the unchanged ones too."""
    return sum(getattr(widget, "serial", 0) for widget in ipywidgets.Widget.widgets.values())


def samples(description):
    """The sample values that the text field of this description declares, good and bad."""
    for widget in ipywidgets.Widget.widgets.values():
        if getattr(widget, "description", None) == description and hasattr(widget, "good"):
            return {"good": widget.good, "bad": widget.bad}


def faint_text(limit):
    """Text in the figures kept whose contrast with what is behind it stays under ``limit``."""
    return sorted({entry for fig in FIGURES for entry in faint_in(fig, limit)})


def luminance(rgb):
    rgb = np.asarray(rgb, float)
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


def drawn_texts(canvas):
    """Draw, and return the texts that come to be drawn; hidden axes and ticks draw none."""
    seen, draw = {}, Text.draw

    def record(self, renderer):
        if self.get_visible() and self.get_text().strip():
            seen[self] = self.get_window_extent(renderer)
        draw(self, renderer)

    Text.draw = record
    try:
        canvas.draw()
    finally:
        Text.draw = draw
    return seen


def faint_in(fig, limit):
    """The figure is drawn without its text; each text is compared with the pixels behind it."""
    for artist in fig.findobj():
        artist.set_animated(False)  # an animated artist is left out by draw()
    shown, canvas = fig.canvas, FigureCanvasAgg(fig)
    boxes = drawn_texts(canvas)
    for text in boxes:
        text.set_visible(False)
    canvas.draw()
    pixels = np.asarray(canvas.buffer_rgba())[::-1, :, :3] / 255
    for text, box in boxes.items():
        text.set_visible(True)
        rows = slice(max(0, int(box.y0)), int(box.y1) + 1)
        columns = slice(max(0, int(box.x0)), int(box.x1) + 1)
        ground = behind(text, pixels[rows, columns].reshape(-1, 3))
        if len(ground):
            ratio = contrast(text, ground)
            if ratio < limit:
                yield text.get_text()[:40], round(ratio, 1)
    fig.set_canvas(shown)


def behind(text, pixels):
    """The colours behind a text: of its own outline, of its own box, or of the picture."""
    outlines = [getattr(effect, "_gc", {}).get("foreground") for effect in text.get_path_effects()]
    if any(outlines):
        return np.array([to_rgb(next(filter(None, outlines)))])
    box = text.get_bbox_patch()
    if box is not None and box.get_visible() and box.get_facecolor()[3] > 0.7:
        return np.array([box.get_facecolor()[:3]])
    return pixels


def contrast(text, ground):
    """Contrast ratio as WCAG 2 defines it; reached or passed over three quarters of the ground."""
    alpha = 1 if text.get_alpha() is None else text.get_alpha()
    ink = alpha * np.array(to_rgb(text.get_color())) + (1 - alpha) * ground
    dim, bright = np.sort([luminance(ink), luminance(ground)], axis=0)
    return float(np.quantile((bright + 0.05) / (dim + 0.05), 0.25))
