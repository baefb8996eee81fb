"""Bars and stripes: the smallest pictures with a structure worth modelling."""

import numpy as np

from ..checks import natural


def bars_and_stripes(side: int = 3, dtype=np.float64) -> np.ndarray:
    """Every picture whose columns are each all 0 or all 1, or whose rows are, once each.

    2·2^side - 2 pictures, as the empty and the full one are both: 14 for side 3. A perfect
    model gives each the same probability, a mean log-likelihood of -ln 14 = -2.639.

    Parameters
    ----------
    side : int, 1 to 10
    dtype : float dtype

    Returns
    -------
    array (2·2^side - 2, side²) of 0 and 1

    Source: MacKay, Information theory, inference, and learning algorithms, 2003, section 43.
    """
    if natural("bars_and_stripes side", side) > 10:
        raise ValueError(f"bars_and_stripes side takes 1 to 10, got {side}")
    if np.dtype(dtype).kind != "f":
        raise TypeError(f"bars_and_stripes takes a float dtype, got {np.dtype(dtype)}")
    lines = (np.arange(2**side)[:, None] >> np.arange(side)) & 1
    bars = np.repeat(lines[:, None], side, axis=1)
    stripes = bars.transpose(0, 2, 1)[1:-1]  # without the empty and the full picture
    both = np.concatenate([bars, stripes])
    return both.reshape(len(both), -1).astype(dtype)
