"""What the browser tests ask of a notebook's kernel; imported there, not in the tests."""

import ipywidgets
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

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
    """Draw everything but the texts; of each, what it says, its box and its colour (r, g, b, a)."""
    said, draw = [], RendererAgg.draw_text

    def note(self, gc, x, y, s, prop, angle, ismath=False, mtext=None):
        width, height, descent = self.get_text_width_height_descent(s, prop, ismath)
        turn = np.deg2rad(angle)
        across = np.array([0, width, 0, width])
        down = descent - np.array([0, 0, height, height])
        x = x + across * np.cos(turn) + down * np.sin(turn)
        y = y + down * np.cos(turn) - across * np.sin(turn)
        said.append((s, (x.min(), x.max(), y.min(), y.max()), gc.get_rgb()))

    RendererAgg.draw_text = note
    try:
        canvas.draw()
    finally:
        RendererAgg.draw_text = draw
    return said


def faint_in(fig, limit):
    """The figure is drawn without its text; each text is compared with the pixels behind it."""
    for artist in fig.findobj():
        artist.set_animated(False)  # an animated artist is left out by draw()
    shown, canvas = fig.canvas, FigureCanvasAgg(fig)
    texts = drawn_texts(canvas)
    pixels = np.asarray(canvas.buffer_rgba())[..., :3] / 255
    for text, box, color in texts:
        left, right, top, bottom = (max(0, int(edge)) for edge in box)
        ground = pixels[top : bottom + 1, left : right + 1].reshape(-1, 3)
        if text.strip() and len(ground):
            ratio = contrast(color, ground)
            if ratio < limit:
                yield text[:40], round(ratio, 1)
    fig.set_canvas(shown)


def contrast(color, ground):
    """Contrast ratio as WCAG 2 defines it; reached or passed over three quarters of the ground."""
    *ink, alpha = to_rgba(color)
    ink = alpha * np.array(ink) + (1 - alpha) * ground
    dim, bright = np.sort([luminance(ink), luminance(ground)], axis=0)
    return float(np.quantile((bright + 0.05) / (dim + 0.05), 0.25))
