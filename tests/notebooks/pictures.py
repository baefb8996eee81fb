"""Do two pictures show the same? And does a picture show anything?"""

import base64
import io

import numpy as np
from matplotlib.image import imread
from PIL import Image  # Matplotlib brings it

# Largest change of an 8×8 block's mean, on a scale of 0 to 1: a new minor release of Matplotlib
# moves lines and letters by up to 0.10; a picture of other data differs by 0.21 and more.
LIMIT = 0.15
BLOCK = 8


def pixels(png: str | bytes) -> np.ndarray:
    """(H, W, 3) array of 0 to 1 from the bytes of a PNG, or from their base64 text."""
    data = base64.b64decode(png) if isinstance(png, str) else png
    image = imread(io.BytesIO(data), format="png")
    return np.repeat(image[..., None], 3, 2) if image.ndim == 2 else image[..., :3]


def difference(a: str | bytes, b: str | bytes) -> float:
    """Largest change of colour of any block; infinite if the sizes differ."""
    a, b = pixels(a), pixels(b)
    if a.shape != b.shape:
        return float("inf")
    pad = [(0, -side % BLOCK) for side in a.shape[:2]] + [(0, 0)]
    change = np.pad(a - b, pad)
    rows, columns = change.shape[0] // BLOCK, change.shape[1] // BLOCK
    means = change.reshape(rows, BLOCK, columns, BLOCK, 3).mean(axis=(1, 3))
    return float(np.abs(means).max())


def is_blank(png: str | bytes) -> bool:
    """Whether the picture is one flat colour, or no picture at all."""
    data = base64.b64decode(png) if isinstance(png, str) else png
    try:
        extrema = Image.open(io.BytesIO(data)).convert("RGB").getextrema()
    except OSError:
        return True
    return all(darkest == lightest for darkest, lightest in extrema)
