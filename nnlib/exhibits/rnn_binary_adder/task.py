"""Adding in binary: places, carries, and the six rules that are all there is to learn."""

import functools

import numpy as np
from matplotlib.colors import LinearSegmentedColormap, to_rgb

from ... import viz
from ...data import bits_of

BITS = 8
PAIRS = 128 * 128
WHITE, ON, CARRY, WRONG, PALE = (
    np.array(to_rgb(c)) for c in ("white", "#BFE0F4", "#F6D58C", "#F2A98A", "#F2F2F2")
)
SUMS = ["0 + 0", "0 + 1", "1 + 1"]
SHARES = LinearSegmentedColormap.from_list("shares", ["#F2A98A", "white", "#BFE0F4"])
TASK = {"size": (8.6, 3.4), "axes": ["SSSSSSRRRRR"]}


def encode(a, b, bits: int = BITS):
    """x (N, bits, 2) of ±1 and y (N, bits, 1) of 0 and 1, the lowest place first."""
    a, b = np.atleast_1d(a), np.atleast_1d(b)
    x = np.stack([bits_of(a, bits), bits_of(b, bits)], axis=2)
    return 2.0 * x - 1, 1.0 * bits_of(a + b, bits)[..., None]


def carry_in(a, b, bits: int = BITS) -> np.ndarray:
    """The carry that comes into every place, (N, bits): where the sum differs from a xor b."""
    a, b = np.atleast_1d(a), np.atleast_1d(b)
    return bits_of(a ^ b ^ (a + b), bits)


def carry_out(a, b, bits: int = BITS) -> np.ndarray:
    """The carry that every place hands on, (N, bits): what the state must know after it."""
    return carry_in(a, b, bits + 1)[:, 1:]


@functools.cache
def every_pair():
    """All 16,384 pairs of 7-bit numbers: a, b, x, y."""
    a, b = np.divmod(np.arange(PAIRS), 128)
    return a, b, *encode(a, b)


def score(net) -> dict:
    """Over all pairs: share of right bits, of right sums, of right bits by rule and by place.

    After t places only the lowest t bits have been read, so there are 4ᵗ different states, not
    16,384: every state is computed once, and stands for all the pairs that begin like that.
    """
    cell, head = net
    four = encode([0, 0, 1, 1], [0, 1, 0, 1], 1)[0].astype(cell.Wx.dtype)
    h, total, whole = np.zeros((1, len(cell.Wh)), four.dtype), np.zeros(1, int), np.ones(1, bool)
    places, right_by_rule, seen = [], np.zeros(6), np.zeros(6)
    for t in range(BITS):
        inputs = four if t < BITS - 1 else four[:1]  # the highest place of both is 0
        n, k = len(h), len(inputs)
        h = cell(np.tile(inputs, (n, 1, 1)), h0=np.repeat(h, k, axis=0))[:, 0]
        ones = np.tile((inputs[:, 0].sum(axis=1).astype(int) + 2) // 2, n)
        carry = np.repeat(total >> t, k)
        total = np.repeat(total, k) + (ones << t)
        right = (head(h)[:, 0] > 0) == (total >> t & 1)
        whole = np.repeat(whole, k) & right
        places.append(right.mean())
        share = PAIRS / len(h)
        right_by_rule += share * np.bincount(3 * carry + ones, right, minlength=6)
        seen += share * np.bincount(3 * carry + ones, minlength=6)
    return {
        "bits": float(np.mean(places)),
        "sums": float(whole.mean()),
        "rules": (right_by_rule / seen).reshape(2, 3),
        "places": np.array(places),
    }


def number(bits) -> int:
    """The number whose binary digits are given, lowest first."""
    return int(np.dot(np.asarray(bits, int), 1 << np.arange(len(bits))))


def percent(share: float) -> str:
    """A share as text that says 100 % only when nothing is missing, and 0 % only for nothing."""
    if share in (0, 1):
        return f"{share:.0%}"
    return f"{min(max(100 * share, 0.1), 99.9):.1f}%"


def table(ax, texts, colors, *, names=(), heads=(), left=1.4, mark=None, size=11):
    """Rows of cells with a text and a colour each, names beside them, heads below.

    ``left`` is the room for the names, in columns; ``mark`` (row, column, height) frames cells.
    """
    colors = np.asarray(colors, float)
    height, width = colors.shape[:2]
    ax.add_artist(viz.Cells(colors, gap=2))
    cells = {(j, i): text for (i, j), text in np.ndenumerate(np.asarray(texts))}
    for (x, y), text in cells.items():
        if "\n" in text:
            ax.text(x, y, text, ha="center", va="center", fontsize=size)
    cells = {place: text for place, text in cells.items() if text and "\n" not in text}
    viz.words(ax, list(cells), cells.values(), size=size)
    viz.words(ax, [(-0.62, row) for row in range(len(names))], names, ha="right")
    places = [(column, height - 0.12) for column in range(len(heads))]
    viz.words(ax, places, heads, color="#444444")
    if mark is not None:
        row, column, tall = mark
        viz.outline(ax, row, column, height=tall, color=viz.ORANGE)
    ax.set(xlim=(-0.5 - left, width - 0.45), ylim=(height + (0.1 if len(heads) else -0.45), -0.55))
    ax.set_axis_off()


def shade(bits, color=ON) -> np.ndarray:
    """White for 0, ``color`` for 1."""
    return np.where(np.asarray(bits, bool)[..., None], color, WHITE * 0.96)


def draw_rules(ax, shares, title="right bits, rule by rule"):
    """How much of each of the six rules is right, as a table of two rows."""
    shares = np.asarray(shares)
    colors, texts = SHARES(shares)[..., :3], np.vectorize(percent)(shares)
    table(ax, texts, colors, names=["carry 0", "carry 1"], heads=SUMS, left=0.9)
    ax.set_title(title)


def draw_task(axes, a, b, place, order):
    """The written sum with its carries, and the six rules with the one that is needed now."""
    forward = order == "as the network reads"
    (carry,), (x, y) = carry_in(a, b), encode(a, b)
    digits = np.vstack([carry, (x[0].T + 1) / 2, y[0].T]).astype(int)
    colors = np.array([shade(digits[0], CARRY), *(shade(row) for row in digits[1:])])
    texts = digits.astype(str)
    texts[::3, place + 1 :], colors[::3, place + 1 :] = "?", PALE
    way = slice(None) if forward else slice(None, None, -1)
    names = ["carry in", f"a = {a}", f"b = {b}", "sum"]
    heads = [str(1 << k) for k in range(BITS)][way]
    mark = (0, place if forward else BITS - 1 - place, 4)
    ax = axes["S"]
    table(ax, texts[:, way], colors[:, way], names=names, heads=heads, left=1.9, mark=mark, size=13)
    ax.text(-0.62, 3.88, "worth", ha="right", va="center", color="#444444")
    ax.set_title("time runs to the right" if forward else "time runs to the left")
    ones = int(digits[1, place] + digits[2, place])
    draw_step(axes["R"], int(carry[place]), ones)
    total = int(carry[place]) + ones
    memory = "remember a carry" if total > 1 else "remember that there is no carry"
    said = (
        f"Place {place}: carry {carry[place]} + {digits[1, place]} + {digits[2, place]} = "
        f"<b>{total}</b>: write {total % 2} and {memory}."
    )
    if place == BITS - 1:
        said += f" Done: {a} + {b} = <b>{number(y[0, :, 0])}</b>."
    return said


def draw_step(ax, carry, ones):
    """The two answers of each rule: the digit to write, and the carry to remember."""
    totals = np.arange(2)[:, None] + np.arange(3)
    texts = [[f"write {t % 2}\ncarry {t // 2}" for t in row] for row in totals]
    colors = np.where((totals > 1)[..., None], CARRY, WHITE * 0.96)
    names, mark = ["carry 0", "carry 1"], (carry, ones, 1)
    table(ax, texts, colors, names=names, heads=SUMS, left=0.8, mark=mark)
    ax.set_title("all there is to learn: six rules")
