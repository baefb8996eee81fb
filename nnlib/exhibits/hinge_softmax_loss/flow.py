"""The whole pipeline on one example: forward box by box, then backward box by box."""

import numpy as np
from matplotlib.patches import Rectangle

from ... import viz
from ...linear import Linear
from ...losses import SoftmaxCrossEntropy
from ...penalties import L2

W = np.array([[1.2, 0.5], [0.9, 1.6], [0.3, -1.1]])
B = np.array([1.0, 1.0, 0.2])
TRUE = 0
FLOW_STEPS = 10
FLOW = {"size": (8.6, 3.7)}
COLUMNS = [(0, 3.1), (3.45, 1.35), (5.15, 1.5), (7.0, 1.35), (8.7, 1.8)]  # left edge, width
UPPER, LOWER, HEIGHT = 2.35, 0.1, 1.5
BORN = [8, 7, 6, 5, 9]  # the step at which each lower box gets its numbers
PALE, DARK_ORANGE = "#c8c8c8", "#A04000"


def pipeline(x, learning_rate, lam):
    """Every number of one forward and one backward pass, and the loss after the update."""
    net = Linear(2, 3, rng=np.random.default_rng(0))
    net.W[...], net.b[...] = W, B
    loss, penalty, y = SoftmaxCrossEntropy(), L2(lam), np.array([TRUE])
    s = net(x[None])
    data, R = loss(s, y), penalty(net)
    net.backward(loss.backward())
    penalty.backward()
    e, true = np.exp(s[0]), np.eye(3)[TRUE]
    numbers = {
        "s": s[0], "e": e, "p": loss.p[0], "data": data, "R": R, "L": data + R,
        "dp": -true / loss.p[0], "de": 1 / e.sum() - true / e[TRUE], "ds": loss.dscores()[0],
        "dW": net.dW, "db": net.db,
    }  # fmt: skip
    net.W -= learning_rate * net.dW
    net.b -= learning_rate * net.db
    return numbers | {"W": net.W, "b": net.b, "after": loss(net(x[None]), y) + penalty(net)}


def draw_flow(ax, step, x1, x2, learning_rate, lam):
    """Boxes with the numbers known by ``step``: values above, gradients below."""
    n = pipeline(np.array([x1, x2]), learning_rate, lam)
    now = (n["W"], n["b"]) if step == 9 else (W, B)
    upper = [
        (f"x = ({x1:.1f}, {x2:.1f}), " + ("W | b" if step < 9 else "new W | b"), beside(*now)),
        ("scores s", column(n["s"])),
        ("e = exp(s)", column(n["e"])),
        ("p = e / Σe", column(n["p"])),
        ("loss L", f"-ln p {n['data']:7.4f}\n +λR  {n['R']:7.4f}\n  L   {n['L']:7.4f}"),
    ]
    lower = [
        ("dL/dW | dL/db", beside(n["dW"], n["db"])),
        ("dL/ds = p - y", column(n["ds"])),
        ("dL/de", column(n["de"])),
        ("dL/dp", column(n["dp"])),
        ("new loss", f"\n  L   {n['after']:7.4f}\n"),
    ]
    for k in range(5):
        lit = step == k or (k == 0 and step == 9)
        box(ax, k, UPPER, *upper[k], known=step >= k, lit=lit, color=viz.SKY)
        box(ax, k, LOWER, *lower[k], known=step >= BORN[k], lit=step == BORN[k], color=viz.AMBER)
    draw_arrows(ax, step)
    ax.text(0, 4.0, "forward: values →", color=viz.BLUE, weight="bold")
    ax.text(0, 1.75, "backward: gradients ←", color=DARK_ORANGE, weight="bold")
    ax.set_axis_off()
    ax.set(xlim=(-0.03, 10.53), ylim=(0.05, 4.3))
    return (
        f"Step {step}. {told(step, n)} The whole pass: L = <b>{n['L']:.4f}</b>, after one update "
        f"with η = {learning_rate:.2f} <b>{n['after']:.4f}</b>."
    )


def told(step, n):
    """What happens in this step, with its numbers."""
    s, e, p = n["s"], n["e"], n["p"]
    return [
        "Data, weights and bias are there; nothing is computed yet.",
        f"Score function: s = Wx + b. The true class, cat, scores {s[0]:.4g}.",
        f"Exponentiate: all three become positive, and {s[0]:.4g} becomes {e[0]:.4g}.",
        f"Normalise: {e[0]:.4g} / {e.sum():.4g} = {p[0]:.4f}. The three numbers add up to 1.",
        f"Loss: -ln {p[0]:.4f} = {n['data']:.4f}, plus λR = {n['R']:.4f}. The forward pass ends.",
        f"The backward pass starts: dL/dp is -1/p = {n['dp'][0]:.4g} for the cat, 0 elsewhere.",
        "Through the division: the sum Σe hands a gradient to all three.",
        f"Through exp: times e. What is left is p - y: {p[0]:.4f} - 1 = {n['ds'][0]:.4f}.",
        "Through Wx + b: dL/dW is (p - y) times x, plus 2λW; dL/db is p - y.",
        "Update: W - η dL/dW and b - η dL/db replace W and b.",
    ][step]


def column(values):
    return "\n".join(f"{value + 0.0:.4f}" for value in values)


def beside(W, b):
    return "\n".join(f"{w[0]:7.3f} {w[1]:7.3f} |{c:7.3f}" for w, c in zip(W, b))


def box(ax, k, bottom, head, text, *, known, lit, color):
    """A box with its numbers; pale and empty before they are known."""
    left, width = COLUMNS[k]
    face, edge = color if lit else "white", viz.INK if known else PALE
    ax.add_artist(
        Rectangle((left, bottom), width, HEIGHT, fc=face, ec=edge, lw=2 if lit else 1, alpha=0.6)
    )
    middle = left + width / 2
    ax.text(middle, bottom + HEIGHT - 0.12, head, ha="center", va="top", weight="bold")
    if known:
        ax.text(
            middle, bottom + 0.16, text, ha="center", va="bottom", family="monospace",
            linespacing=1.5,
        )  # fmt: skip


def draw_arrows(ax, step):
    """Forward to the right, at the loss down, backward to the left, and up again."""
    up, low = UPPER + HEIGHT / 2, LOWER + HEIGHT / 2
    ends = [
        ((sum(COLUMNS[k]), up), (COLUMNS[k + 1][0], up), viz.BLUE, step > k) for k in range(4)
    ] + [
        ((COLUMNS[k + 1][0], low), (sum(COLUMNS[k]), low), viz.ORANGE, step >= BORN[k])
        for k in range(3)
    ]
    ends.append(((9.2, UPPER), (7.9, LOWER + HEIGHT), viz.ORANGE, step >= 5))
    ends.append(((2.6, LOWER + HEIGHT), (2.6, UPPER), viz.ORANGE, step == 9))
    starts, tips = np.array([end[0] for end in ends]), np.array([end[1] for end in ends])
    ax.quiver(
        *starts.T, *(tips - starts).T, color=[end[2] if end[3] else PALE for end in ends],
        angles="xy", scale_units="xy", scale=1, width=0.004, headwidth=5, headlength=5,
        headaxislength=4.5,
    )  # fmt: skip
