"""A colour photograph, for pixels and feature maps."""

import numpy as np


def photo(size: int = 128, dtype=np.float32) -> np.ndarray:
    """Rear Admiral Grace Hopper, the photograph matplotlib ships, square, in colour.

    Parameters
    ----------
    size : int, 8 to 512
        Height and width. The photo is cropped to the face and averaged down.
    dtype : float dtype

    Returns
    -------
    array (3, size, size), channels red, green, blue, values 0 (dark) to 1 (bright).

    Source: US Navy photograph, public domain, ``grace_hopper.jpg`` in matplotlib's sample data.
    """
    from matplotlib.cbook import get_sample_data
    from matplotlib.image import imread

    from ..checks import natural

    if natural("photo size", size, 8) > 512:
        raise ValueError(f"photo size takes 8 to 512, got {size}")
    with get_sample_data("grace_hopper.jpg") as file:
        pixels = imread(file, format="jpg")[:512] / 255
    edges = np.linspace(0, 512, size + 1).astype(int)
    sums = np.add.reduceat(np.add.reduceat(pixels, edges[:-1], 0), edges[:-1], 1)
    areas = np.outer(np.diff(edges), np.diff(edges))[..., None]
    return (sums / areas).transpose(2, 0, 1).astype(dtype)
