"""The picture at the top of the README: the first exhibit of the course, rendered.

python -m tests.readme_picture
"""

from pathlib import Path

from nnlib.exhibits.start_here import draw_learning, film
from nnlib.interact import Picture, png

PATH = Path(__file__).parent.parent / "notebooks" / "first_exhibit.png"


def render() -> bytes:
    """The exhibit after 200 steps of 400, at double density."""
    films = {16: film(16)}
    picture = Picture((8.6, 3.3), [["plane"] * 6 + ["units"] * 8 + ["loss"] * 5])
    pixels, _ = picture.render(lambda axes: draw_learning(axes, films, 16, 200), 2)
    return png(pixels, 9)


if __name__ == "__main__":
    PATH.write_bytes(render())
