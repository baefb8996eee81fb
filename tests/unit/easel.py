"""Drawings drawn in tests as a notebook draws them."""

import numpy as np

from nnlib.interact import Picture


def written(ax) -> list:
    """What the texts on the axes say, those of ``viz.words`` too."""
    many = [text for artist in ax.artists for text in getattr(artist, "texts", [])]
    return [text.get_text() for text in ax.texts] + many


class Easel:
    """``drawn = Easel(layouts)``; then ``drawn(draw, **values)`` is the caption of a drawing.

    One figure is kept for each function in ``layouts``: laying it out is the slow part.
    """

    def __init__(self, layouts: dict):
        self.layouts, self.pictures = layouts, {}

    def picture(self, draw) -> Picture:
        if draw not in self.pictures:
            self.pictures[draw] = Picture(**self.layouts[draw])
        return self.pictures[draw]

    def __call__(self, draw, *args, **values):
        """The caption, after the drawing went through and left something to see."""
        pixels, said = self.picture(draw).render(lambda axes: draw(axes, *args, **values))
        assert np.ptp(pixels[..., :3]) > 0
        return said
