"""Exercises of 13_cnn_output_sizes: window positions, padding, reads and shapes."""

import numpy as np

from .engine import Mistake, exercise


def a_window_that_fits(rng):
    """size, k, stride, pad: the window fits at least once, often with a remainder."""
    k, pad = int(rng.integers(1, 8)), int(rng.integers(0, 4))
    return int(rng.integers(max(k, 5), 60)), k, int(rng.integers(1, 5)), pad


@exercise(
    cases=a_window_that_fits,
    hint="size + 2·pad - k is the room to move: count the steps that fit in it, and the start.",
    mistakes=[
        Mistake(
            lambda size, k, stride, pad: (size + 2 * pad - k) / stride + 1,
            "half a window is no window: floor the division with //",
        ),
        Mistake(
            lambda size, k, stride, pad: (size + 2 * pad - k) // stride,
            "the first position needs no step: + 1",
        ),
        Mistake(
            lambda size, k, stride, pad: (size + pad - k) // stride + 1,
            "padding lies at both ends: 2·pad",
        ),
        Mistake(
            lambda size, k, stride, pad: (size - 2 * pad - k) // stride + 1,
            "padding makes the image larger: + 2·pad",
        ),
        Mistake(
            lambda size, k, stride, pad: -(-(size + 2 * pad - k) // stride) + 1,
            "a last step that goes over the edge does not count: round down, not up",
        ),
    ],
)
def window_positions(size, k, stride, pad):
    return (size + 2 * pad - k) // stride + 1


@exercise(
    cases=lambda rng: (2 * int(rng.integers(0, 8)) + 1,),
    hint="At stride 1 the size stays if size + 2P - k + 1 = size. Solve for P.",
    mistakes=[
        Mistake(lambda k: k - 1, "k - 1 is what both ends get together; each gets half of it"),
        Mistake(lambda k: (k + 1) // 2, "one too many: for k = 1 no padding is needed"),
        Mistake(lambda k: k, "3×3 needs 1 ring and 5×5 needs 2, not k"),
    ],
)
def padding_to_keep(k):
    return (k - 1) // 2


def two_sides(rng):
    """height, width, k, stride with a remainder in both directions; the windows leave no gaps."""
    k = int(rng.integers(3, 6))
    stride = int(rng.integers(3, k + 1))
    rests = rng.integers(1, stride, 2)
    height, width = (k + stride * int(n) + int(r) for n, r in zip(rng.integers(1, 6, 2), rests))
    return height, width, k, stride


def _strips(height, width, k, stride):
    return (height - k) % stride, (width - k) % stride


def _corner_only(height, width, k, stride):
    rows, columns = _strips(height, width, k, stride)
    return rows * columns


def _corner_twice(height, width, k, stride):
    rows, columns = _strips(height, width, k, stride)
    return rows * width + columns * height


def _lines_not_pixels(height, width, k, stride):
    return sum(_strips(height, width, k, stride))


@exercise(
    cases=two_sides,
    hint="Without the last (height - k) % stride rows and columns all is read. Count what is read.",
    mistakes=[
        Mistake(_corner_only, "that is only the corner where both strips meet"),
        Mistake(_corner_twice, "the corner lies in both strips: you count it twice"),
        Mistake(_lines_not_pixels, "these are rows and columns; count their pixels"),
    ],
)
def pixels_never_read(height, width, k, stride):
    rows, columns = (height - k) % stride, (width - k) % stride
    return height * width - (height - rows) * (width - columns)


def _only_the_left_end(size, k):
    return np.minimum(np.arange(size) + 1, k)


def _always_k(size, k):
    return np.full(size, k)


def _off_by_one(size, k):
    i = np.arange(size)
    return np.minimum(np.minimum(i, size - 1 - i), k)


@exercise(
    cases=lambda rng: (k := int(rng.integers(2, 6)), 2 * k + int(rng.integers(0, 6)))[::-1],
    hint="Pixel i is read by the windows that start at i - k + 1 ... i, if they exist.",
    mistakes=[
        Mistake(_only_the_left_end, "right at the left end, but the right end is rarely read too"),
        Mistake(_always_k, "so it would be with enough padding; at the ends fewer windows reach"),
        Mistake(_off_by_one, "the very first pixel is read once, not never"),
    ],
)
def reads_along_a_line(size, k):
    times = np.zeros(size, int)
    for start in range(size - k + 1):
        times[start : start + k] += 1
    return times


def an_image(rng):
    """shape, kernels, k, stride, pad."""
    shape = tuple(int(n) for n in (rng.integers(2, 5), rng.integers(7, 30), rng.integers(31, 50)))
    return (
        shape,
        int(rng.integers(5, 20)),
        *(int(rng.integers(*r)) for r in ((2, 6), (1, 4), (0, 3))),
    )


def _sides(shape, k, stride, pad):
    return [(n + 2 * pad - k) // stride + 1 for n in shape[1:]]


@exercise(
    cases=an_image,
    hint="Each kernel makes one map, whatever the channels; height and width by the size formula.",
    mistakes=[
        Mistake(
            lambda shape, kernels, k, stride, pad: (shape[0], *_sides(shape, k, stride, pad)),
            "the input's channels are used up inside each kernel: the maps are as many as kernels",
        ),
        Mistake(
            lambda shape, kernels, k, stride, pad: (
                shape[0] * kernels,
                *_sides(shape, k, stride, pad),
            ),
            "one kernel adds up all channels into one map; channels do not multiply",
        ),
        Mistake(
            lambda shape, kernels, k, stride, pad: (
                *_sides(shape, k, stride, pad),
                kernels,
            ),
            "right numbers, other order: nnlib puts the maps first, (C, H, W)",
        ),
        Mistake(
            lambda shape, kernels, k, stride, pad: (
                kernels,
                *_sides(shape, k, stride, pad)[::-1],
            ),
            "height before width",
        ),
    ],
)
def map_shape(shape, kernels, k, stride, pad):
    height, width = ((n + 2 * pad - k) // stride + 1 for n in shape[1:])
    return kernels, height, width


def an_answer_wanted(rng):
    """size, out, stride with room for a kernel of at least 1."""
    out, stride = int(rng.integers(2, 20)), int(rng.integers(1, 5))
    return (out - 1) * stride + int(rng.integers(1, 12)), out, stride


@exercise(
    cases=an_answer_wanted,
    hint="The last window starts at (out - 1)·stride and must end at the last pixel.",
    mistakes=[
        Mistake(
            lambda size, out, stride: size - out * stride,
            "there is one step less than positions: out - 1",
        ),
        Mistake(
            lambda size, out, stride: size - (out - 1) * stride - 1,
            "one too small: a window of k pixels that starts at s ends at s + k - 1",
        ),
        Mistake(
            lambda size, out, stride: size // out, "that cuts the image in pieces; windows overlap"
        ),
    ],
)
def largest_kernel(size, out, stride):
    return size - (out - 1) * stride


@exercise(
    cases=lambda rng: (
        int(rng.integers(2, 15)), int(rng.integers(3, 6)), int(rng.integers(2, 4)),
        int(rng.integers(1, 2)),
    ),
    hint="The last stamp starts at (size - 1)·stride and covers k pixels; then both ends are cut.",
    mistakes=[
        Mistake(
            lambda size, k, stride, pad: (size + 2 * pad - k) // stride + 1,
            "that is the convolution; this one runs backwards and makes the image larger",
        ),
        Mistake(
            lambda size, k, stride, pad: size * stride + k - 2 * pad,
            "size stamps are only size - 1 steps apart",
        ),
        Mistake(
            lambda size, k, stride, pad: (size - 1) * stride + k + 2 * pad,
            "here the padding is cut off: - 2·pad",
        ),
        Mistake(
            lambda size, k, stride, pad: (size - 1) * stride + k - pad,
            "it is cut off at both ends: 2·pad",
        ),
    ],
)  # fmt: skip
def transposed_size(size, k, stride, pad):
    return (size - 1) * stride + k - 2 * pad
