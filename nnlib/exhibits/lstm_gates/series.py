"""A real series: Google's shares, day by day, and the S&P 500, month by month.

From matplotlib's sample data. The naive forecast says: tomorrow as today; the drift adds the mean
change of the part that is known.
"""

import functools

import numpy as np

import nnlib as nn

from ... import viz

WINDOW, HORIZON, HIDDEN, UPDATES, BATCH, RATE = 30, 20, 8, 300, 32, 0.005
LAGS = 5  # changes that the straight line sees
SERIES = ["Google, price by day", "Google, volume by day", "S&P 500 by month"]
UNITS = {SERIES[1]: (1e6, 0, ", millions"), SERIES[2]: (1e3, 1, ", thousands")}
FORECAST = {"size": (8.6, 5.6), "axes": ["SSSSSS"] * 3 + ["OOOFFF"] * 2}
METHODS = {"naive": "#6b6b6b", "drift": viz.AMBER, "line": viz.GREEN, "LSTM": viz.BLUE}


@functools.cache
def logarithms(name) -> np.ndarray:
    """The natural logarithm of the series: its changes are relative changes."""
    from matplotlib.cbook import get_sample_data

    if name.startswith("Google"):
        table = get_sample_data("goog.npz")["price_data"]
        return np.log(table["close" if "price" in name else "volume"].astype(float))
    with get_sample_data("Stocks.csv") as file:
        _, head, *rows = [line.strip().split(",") for line in file]
    column = head.index("^GSPC")
    return np.log([float(row[column]) for row in rows if row[column]])


class Series:
    """A series cut in two: 70 % to learn from, the rest to be judged by.

    Attributes
    ----------
    logs : (n,) the logarithms;  cut : the first day that is held out
    features : (n - 1, 2) change and level at every day from the second on, in units of the
        learning part's own mean and spread; nothing of the held-out part enters
    """

    def __init__(self, name):
        self.logs = logarithms(name)
        self.cut = int(0.7 * len(self.logs))
        changes, known = np.diff(self.logs), self.logs[: self.cut]
        self.drift, self.spread = np.diff(known).mean(), np.diff(known).std()
        self.level, self.scale = known.mean(), known.std()
        self.features = self.encode(changes, self.logs[1:])

    def encode(self, change, log):
        return np.stack([(change - self.drift) / self.spread, (log - self.level) / self.scale], -1)

    def windows(self):
        """x (n, WINDOW, 2) and the next change after every step, (n, WINDOW, 1)."""
        view = np.lib.stride_tricks.sliding_window_view
        x = view(self.features, (WINDOW, 2))[:-1, 0]
        return x, view(self.features[1:, 0], WINDOW)[..., None]

    def learning(self) -> int:
        """The number of windows whose last target is still before the cut."""
        return self.cut - 1 - WINDOW

    def starts(self) -> np.ndarray:
        """Windows whose next HORIZON days are all held out, and there."""
        return np.arange(self.learning(), len(self.features) - WINDOW - HORIZON + 1)

    def truth(self) -> np.ndarray:
        """The logarithms of today and of the next HORIZON days, for every start."""
        today = self.starts() + WINDOW
        return self.logs[today[:, None] + np.arange(HORIZON + 1)]


def free_run(series, x, predict) -> np.ndarray:
    """Forecasts of HORIZON days, each fed the one before; ``predict(x)`` says the next change.

    x (n, days, 2), the days known, and then with one more at its end for every step; returns
    logarithms (n, HORIZON + 1), today first.
    """
    logs = [x[:, -1, 1] * series.scale + series.level]
    for _ in range(HORIZON):
        change = predict(x) * series.spread + series.drift
        logs.append(logs[-1] + change)
        x = np.concatenate([x, series.encode(change, logs[-1])[:, None]], axis=1)
    return np.stack(logs, axis=1)


def continuing(net):
    """A ``predict`` for ``free_run`` that reads the known days once, and then goes on."""
    (cell, head), state = net.layers, {}

    def predict(x):
        out = cell(x[:, -1:] if state else x, **state)
        state.update(zip(("h0", "c0"), cell.final_state()))
        return head(out[:, -1])[:, 0]

    return predict


def straight_line(series):
    """Least squares: the next change from the last LAGS changes and the level."""
    x, y = series.windows()

    def seen(x):
        return np.concatenate([x[:, -LAGS:, 0], x[:, -1:, 1], np.ones((len(x), 1))], axis=1)

    known = slice(series.learning())
    weights = np.linalg.lstsq(seen(x[known]), y[known, -1, 0], rcond=None)[0]
    return lambda x: seen(x) @ weights


@functools.lru_cache(4)
def fixed_forecasts(name) -> dict:
    """What needs no training: the truth, the naive forecast, the drift and the straight line."""
    series = Series(name)
    x, truth = series.windows()[0][series.starts()], series.truth()
    return {
        "truth": truth, "naive": np.repeat(truth[:, :1], HORIZON + 1, axis=1),
        "drift": truth[:, :1] + series.drift * np.arange(HORIZON + 1),
        "line": free_run(series, x, straight_line(series)),
    }  # fmt: skip


def relative_error(forecasts, truth) -> np.ndarray:
    """Mean squared error against that of the naive forecast, for 1 to HORIZON days ahead."""
    wrong = ((forecasts - truth)[:, 1:] ** 2).mean(axis=0)
    return wrong / ((truth[:, :1] - truth[:, 1:]) ** 2).mean(axis=0)


def forecast(series, seed):
    """Train an LSTM to say the next change; a generator of snapshots for ``live``."""
    data, rng = Series(series), np.random.default_rng(seed)
    cell, head = nn.LSTM(2, HIDDEN, rng=rng), nn.Linear(HIDDEN, 1, rng=rng)
    net, loss = nn.Sequential(cell, head), nn.MSE()
    opt = nn.Adam(net.parameters(), lr=RATE)
    x, y = data.windows()
    judged = x[data.starts()]

    def snapshot(done):
        runs = free_run(data, judged, continuing(net))
        return {"progress": done / UPDATES, "scored": done, "series": series, "LSTM": runs}

    yield (latest := snapshot(0))
    for update in range(UPDATES):
        rows = rng.integers(0, data.learning(), BATCH)
        loss(net(x[rows], training=True), y[rows])
        net.backward(loss.backward())
        opt.lr = nn.schedules.cosine(update, lr=RATE, steps=UPDATES, end=RATE / 50)
        opt.step(nn.clip_gradients(net.gradients(), 1.0))
        if update % 60 == 59:
            latest = snapshot(update + 1)
        yield latest | {"progress": (update + 1) / UPDATES}


def draw_forecast(axes, snapshot, starting_point):
    """A free run from one held-out day, and the honest scores over all of them."""
    name = snapshot["series"]
    runs = fixed_forecasts(name) | {"LSTM": snapshot["LSTM"]}
    truth = runs["truth"]
    row = round(starting_point / 100 * (len(truth) - 1))
    draw_run(axes["S"], name, runs, row)
    scores = {method: relative_error(runs[method], truth) for method in METHODS}
    draw_scores(axes["O"], {method: score[0] for method, score in scores.items()})
    ax = axes["F"]
    for method, color in METHODS.items():
        ax.plot(np.arange(1, HORIZON + 1), np.minimum(scores[method], 2.5), color=color,
                ls=":" if method == "naive" else "-")  # fmt: skip
    ax.set(xlim=(1, HORIZON), ylim=(0, 2.2), xlabel="steps ahead, free-running")
    ax.set_xticks([1, 5, 10, 15, 20])
    ax.set_title("error, naive forecast = 1")
    ahead = {method: f"{score[0]:.2f} and {score[-1]:.2f}" for method, score in scores.items()}
    done = "Untrained, press Start."
    if snapshot["progress"] > 0:
        done = "Still the scores of the untrained net: new ones come every 60 updates."
    if snapshot["scored"] > 0:
        done = f"After {snapshot['scored']} updates: " + said(
            scores["LSTM"][0], scores["line"][0], scores["drift"][0]
        )
    return (
        f"{done} Squared error over {len(truth)} held-out starts, naive = 1, one and {HORIZON} "
        f"steps ahead: LSTM <b>{ahead['LSTM']}</b>, straight line {ahead['line']}, drift "
        f"{ahead['drift']}."
    )


def said(lstm, line, drift) -> str:
    """Who wins the next step, in words."""
    if lstm > 0.98 * min(1, drift):
        winner = "the naive forecast" if drift > 0.98 else "mere drift"
        return f"<b>for the next step {winner} wins or draws.</b>"
    if lstm > line - 0.02:
        return "the LSTM beats the naive next step; <b>a straight line does as well.</b>"
    return "the LSTM beats the naive next step, and the straight line."


def draw_run(ax, name, runs, row):
    """Days around one held-out start: the truth, next-step forecasts, and three free runs."""
    truth, shown = runs["truth"], np.arange(-2 * HORIZON, HORIZON + 1)
    whole = np.concatenate([truth[:, 0], truth[-1, 1:]])
    low, high = whole.min(), whole.max()
    pad = 0.15 * (high - low)
    inside = (row + shown >= 0) & (row + shown < len(whole))
    ax.plot(shown[inside], whole[row + shown[inside]], ".-", color="#8f8f8f", lw=1.2, ms=4)
    said_before = shown[(row + shown >= 1) & (shown <= 0)]
    ax.plot(said_before, runs["LSTM"][row + said_before - 1, 1], "x", color=viz.BLUE, ms=5, mew=1.3)
    for method, color in METHODS.items():
        forecast = np.clip(runs[method][row], low - 2 * pad, high + 2 * pad)
        ax.plot(np.arange(HORIZON + 1), forecast, color=color, ls=":" if method == "naive" else "-")
    ax.plot(0, truth[row, 0], "o", color=viz.INK, ms=6)
    names = (
        ("truth", "#6b6b6b"), ("× LSTM, the next step", viz.BLUE), ("— LSTM, free run", viz.BLUE),
        ("— straight line", "#00734F"), ("— drift", "#8A5A00"), ("··· naive", "#6b6b6b"),
    )  # fmt: skip
    for at, (text, color) in zip((0.01, 0.09, 0.36, 0.57, 0.77, 0.88), names):
        ax.text(at, 0.97, text, color=color, weight="bold", va="top", transform=ax.transAxes)
    ticks = np.linspace(low, high, 4)
    ax.set(xlim=(-2 * HORIZON, HORIZON), ylim=(low - pad, high + 2.2 * pad))
    unit, digits, said_unit = UNITS.get(name, (1, 0, ""))
    ax.set_yticks(ticks, [f"{np.exp(tick) / unit:.{digits}f}" for tick in ticks])
    ax.set_xticks(range(-2 * HORIZON, HORIZON + 1, 10))
    ax.set_title(f"{name}{said_unit}: steps from a held-out start, log scale")


def draw_scores(ax, scores):
    """Squared error for the next step; the naive forecast is 1."""
    ax.axhline(1, color="#6b6b6b", ls=":", lw=1.4)
    heights = np.minimum(list(scores.values()), 2.1)
    viz.blocks(ax, range(4), heights, colors=list(METHODS.values()))
    for k, value in enumerate(scores.values()):
        ax.text(k, max(heights[k], 1) + 0.03, f"{value:.2f}", ha="center", va="bottom")
    ax.set(xlim=(-0.6, 3.6), ylim=(0, 2.4))
    ax.set_xticks(range(4), list(scores))
    ax.set_yticks([0, 1, 2])
    ax.set_title("error of the next step")
