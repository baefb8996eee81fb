"""How many kernels? A small CNN learns the digits with few or many of them."""

import numpy as np
from matplotlib import colormaps

import nnlib as nn

from ... import viz
from .paper import grid, sheet

KERNELS = {"size": (8.6, 3.9), "axes": ["KKKKKKKAAAA"]}
EPOCHS, EVERY, BATCH = 25, 6, 32
SIGNED, INK = colormaps[viz.SIGNED], colormaps["gray_r"]


def small_cnn(first: int, second: int, rng) -> nn.Sequential:
    """8×8 → ``first`` maps 8×8 → ``second`` maps 6×6, pooled to 3×3 → ten scores."""
    return nn.Sequential(
        nn.Conv2d(1, first, 3, pad=1, rng=rng), nn.ReLU(),
        nn.Conv2d(first, second, 3, rng=rng), nn.ReLU(),
        nn.MaxPool2d(2), nn.Flatten(), nn.Linear(9 * second, 10, rng=rng),
    ).astype(np.float32)  # fmt: skip


def train_kernels(first_layer, second_layer):
    """Train on the digits; a generator of snapshots for ``live``."""
    data, rng = nn.data.digits(np.float32), np.random.default_rng(0)
    net = small_cnn(first_layer, second_layer, rng)
    opt = nn.Adam(net.parameters(), lr=0.002)
    examples = data.x_test[[int(np.flatnonzero(data.y_test == k)[0]) for k in range(10)]]
    steps = EPOCHS * -(-len(data.x_train) // BATCH)
    right = []

    def snapshot(step):
        right.append(nn.accuracy(net, data.x_test, data.y_test))
        return {
            "progress": step / steps, "steps": steps, "W": net[0].W[:, 0].copy(),
            "maps": net[1](net[0](examples)).copy(), "digits": examples[:, 0],
            "right": np.array(right),
            "parameters": sum(a.size for a in net.parameters()),
        }  # fmt: skip

    yield snapshot(0)
    plan = {"epochs": EPOCHS, "batch_size": BATCH, "rng": rng}
    for record in nn.train(net, nn.SoftmaxCrossEntropy(), opt, data.x_train, data.y_train, **plan):
        if record.step % EVERY == 0 or record.step == steps:
            yield snapshot(record.step)


def draw_kernels(axes, snapshot, digit):
    """The kernels of the first layer, what each makes of one digit, and the accuracy so far."""
    ax, W, maps = axes["K"], snapshot["W"], snapshot["maps"][digit]
    sheet(ax, 54, 37)
    ax.text(
        1, 1.4, "first layer: kernels, and what each finds in the digit", size=10, weight="bold"
    )
    grid(ax, 1, 12, 1.3, INK(snapshot["digits"][digit]), lines="#dddddd")
    limit, top = np.abs(W).max(), max(float(maps.max()), 1e-6)
    for f in range(len(W)):
        x, y = 14 + 8 * (f % 5), 4 + 17 * (f // 5)
        grid(ax, x + 1, y, 1.6, SIGNED(0.5 + W[f] / (2 * limit)))
        grid(ax, x, y + 6, 0.85, INK(maps[f] / top), lines="#dddddd")
    curve, right = axes["A"], snapshot["right"]
    at = np.arange(len(right)) / max(1, -(-snapshot["steps"] // EVERY)) * EPOCHS
    curve.plot(at, right, color=viz.BLUE)
    curve.set(xlim=(0, EPOCHS), ylim=(0, 1), xlabel="epoch", title="share of test digits right")
    first = f"{len(W)} kernel{'s' * (len(W) != 1)} in the first layer"
    if len(right) == 1:
        return f"Not trained yet: {first}, random numbers. {snapshot['parameters']:,} parameters."
    return (
        f"{first}, {snapshot['parameters']:,} parameters: <b>{right[-1]:.1%}</b> of the test "
        "digits are right. Orange weights want ink, purple ones want paper."
    )
