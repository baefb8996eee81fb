"""A bowl, its gradient as a direction, and what a step downhill promises and gains."""

import numpy as np

from ... import viz
from ...gates.drawing import short

CURVATURE = np.array([1.0, 2.0])  # L = ½(θ₁² + 2 θ₂²)
BOWL = {"size": (8.6, 4.2), "axes": ["PPPPAAA", "PPPPLLL"]}
START = (3.0, 0.5)
REACH, LONGEST = 4.0, 2.0  # of the plane; of the learning rate
LEVELS = np.array([0.25, 1, 2.25, 4, 6.25, 9, 12.25, 16, 20.25])


def bowl(theta) -> float:
    """L = ½(θ₁² + 2 θ₂²)."""
    return float(0.5 * (CURVATURE * np.asarray(theta) ** 2).sum())


def gradient(theta) -> np.ndarray:
    """(θ₁, 2 θ₂)."""
    return CURVATURE * np.asarray(theta, float)


def slope_along(theta, degrees: float) -> float:
    """How fast L rises per unit of way in this direction."""
    angle = np.radians(degrees)
    return float(gradient(theta) @ [np.cos(angle), np.sin(angle)])


def downhill(theta_1, theta_2, learning_rate, **_):
    """θ - η g, on the grid of the sliders."""
    theta = np.array([theta_1, theta_2])
    new = np.clip(theta - learning_rate * gradient(theta), -REACH, REACH)
    return {"theta_1": round(float(new[0]), 2), "theta_2": round(float(new[1]), 2)}


def draw_bowl(axes, theta_1, theta_2, direction, learning_rate):
    """The plane with gradient, direction and step; slope against direction; gain against rate."""
    theta = np.array([theta_1, theta_2])
    g, slope = gradient(theta), slope_along(theta, direction)
    new = theta - learning_rate * g
    plane(axes["P"], theta, g, direction, new)
    compass(axes["A"], theta, g, direction, slope)
    gain(axes["L"], theta, g, learning_rate)
    return bowl_told(theta, g, direction, slope, learning_rate, new)


def plane(ax, theta, g, direction, new):
    t = np.linspace(0, 2 * np.pi, 90)
    for level in LEVELS:
        ring = np.sqrt(2 * level / CURVATURE)[:, None] * [np.cos(t), np.sin(t)]
        ax.plot(*ring, color="#b9c6d2", lw=1, zorder=1)
    angle = np.radians(direction)
    unit = np.array([np.cos(angle), np.sin(angle)])
    arrows = [(0.3 * g, viz.ORANGE), (1.4 * unit, viz.GREEN), (new - theta, viz.BLUE)]
    shafts = np.array([arrow for arrow, _ in arrows])
    ax.quiver(
        *np.tile(theta, (3, 1)).T, *shafts.T, color=[c for _, c in arrows], angles="xy",
        scale_units="xy", scale=1, width=0.013, headwidth=3.6, headlength=4, headaxislength=3.6,
        zorder=3,
    )  # fmt: skip
    ax.plot(*theta, "o", color=viz.INK, ms=8, zorder=4, clip_on=False)
    ax.plot(*new, "o", mfc="white", mec=viz.BLUE, mew=2, ms=8, zorder=4)
    for k, (text, color) in enumerate(
        [("gradient (× 0.3)", "#B84A00"), ("your direction", "#00684B"), ("step −η g", viz.BLUE)]
    ):
        ax.text(
            -3.9, 3.8 - 0.52 * k, text, color=color, va="top", size=10.5, weight="bold",
            bbox={"fc": "white", "ec": "none", "pad": 1.2},
        )  # fmt: skip
    ax.set(xlim=(-REACH, REACH), ylim=(-REACH, REACH), aspect="equal", xlabel="θ₁", ylabel="θ₂")


def compass(ax, theta, g, direction, slope):
    """Slope of L in every direction: a cosine, highest along the gradient."""
    t = np.arange(0, 361, 3)
    norm = np.hypot(*g)
    ax.plot(t, [slope_along(theta, degrees) for degrees in t], color=viz.INK, lw=1.6)
    ax.axhline(0, color="#888888", lw=0.8)
    if norm > 0:
        steepest = np.degrees(np.arctan2(g[1], g[0])) % 360
        ax.plot([steepest] * 2, [0, norm], color=viz.ORANGE, lw=2)
    ax.plot(direction, slope, "o", color=viz.GREEN, ms=9, zorder=4, clip_on=False)
    ax.set(xlim=(0, 360), ylim=(-9.5, 9.5), xlabel="direction in degrees")
    ax.set_xticks([0, 90, 180, 270, 360])
    ax.set_title("slope of L in every direction")


def gain(ax, theta, g, learning_rate):
    """L after a step of each length: what the slope promises, and what really happens."""
    rates, L = np.linspace(0, LONGEST, 61), bowl(theta)
    real = [bowl(theta - rate * g) for rate in rates]
    ax.plot(rates, L - rates * (g @ g), color=viz.ORANGE, lw=1.6, ls="--")
    ax.plot(rates, real, color=viz.BLUE)
    ax.axhline(L, color="#888888", lw=0.8)
    after = bowl(theta - learning_rate * g)
    ax.plot(learning_rate, min(after, 30), "o", mfc="white", mec=viz.BLUE, mew=2, ms=8, zorder=4)
    ax.set(xlim=(0, LONGEST), ylim=(-5, 30), xlabel="learning rate η")
    ax.set_xticks([0, 0.5, 1, 1.5, 2])
    ax.set_title("L after the step")
    ground = {"fc": "white", "ec": "none", "pad": 1.2}
    ax.text(1.0, 29, "real", color=viz.BLUE, va="top", bbox=ground)
    ax.text(1.3, 29, "promised", color="#B84A00", va="top", bbox=ground)


def bowl_told(theta, g, direction, slope, rate, new):
    """In words: sensitivities, the slope along the direction, promise and gain."""
    L, norm = bowl(theta), np.hypot(*g)
    if norm < 1e-12:
        return f"The bottom: the gradient is (0, 0), L = {L:.4g}, and no step leads anywhere."
    one, two = short(g[0] + 0.0), short(g[1] + 0.0)
    promised, gained = rate * g @ g, L - bowl(new)
    verdict = "gained" if gained >= 0 else "lost instead"
    return (
        f"Here <b>the gradient is ({one}, {two})</b>: of 0.01 in θ₁, L feels {short(0.01 * g[0])}; "
        f"of 0.01 in θ₂, {short(0.01 * g[1] + 0.0)}. "
        f"Along {direction}° the slope of L is {f'{slope:.3f}'.replace('-', '−')}, "
        f"nowhere more than {norm:.3f}. The step promises a fall of {promised:.3f}; "
        f"{abs(gained):.3f} is {verdict}."
    )
