"""Optimizers against torch's paths (stored), against hand-worked numbers, and their laws."""

import numpy as np
import pytest

import nnlib as nn
from nnlib import schedules
from nnlib.optimizers.base import pieces

OPTIMIZERS = [
    nn.SGD, nn.Momentum, nn.Nesterov, nn.Adagrad, nn.RMSprop, nn.Adadelta, nn.Adam, nn.AdamW
]  # fmt: skip
EVERY_OPTIMIZER = pytest.mark.parametrize("optimizer", OPTIMIZERS)


def quadratic(p):
    """Gradient of (x² + 25 y²) / 2."""
    return p * [1, 25]


def rosenbrock(p):
    """Gradient of (1 - x)² + 100 (y - x²)²."""
    x, y = p
    return np.array([-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)])


# Positions of torch 2's optimizers, float64, after 1, 2, 20 and 200 steps from (-2, 1) on the
# quadratic and from (-1.2, 1) on Rosenbrock's valley. AdamW there: betas (.8, .99), decay .1.
GOLDEN = [
    (nn.SGD, {"lr": 0.07}, quadratic, [[-1.86, -0.75], [-1.7297999999999998, 0.5625], [-0.46847774732518316, 0.0031712119389340054], [-9.945341638946935e-07, 1.0286145857916357e-25]]),  # noqa: E501
    (nn.SGD, {"lr": 1e-3}, rosenbrock, [[-0.9844, 1.088], [-1.0272715665664, 1.0642086720000001], [-1.0135612207526075, 1.0352940530350656], [-0.8589504898679177, 0.7458768385503122]]),  # noqa: E501
    (nn.Momentum, {"lr": 0.03, "mu": 0.9}, quadratic, [[-1.94, 0.25], [-1.8277999999999999, -0.6125], [0.7130220849266594, 0.3791710825870434], [3.931820908159599e-05, -1.5174444204392938e-05]]),  # noqa: E501
    (nn.Momentum, {"lr": 5e-4, "mu": 0.9}, rosenbrock, [[-1.0922, 1.044], [-0.9605619005104, 1.098490084], [-0.8334871337367722, 0.7721345983084917], [0.4774885908696076, 0.22529715731841568]]),  # noqa: E501
    (nn.Nesterov, {"lr": 0.03, "mu": 0.9}, quadratic, [[-1.886, -0.425], [-1.729898, -0.426875], [0.5187914283581907, -6.305104613842514e-07], [1.9360103004888835e-07, -3.0802696564286167e-65]]),  # noqa: E501
    (nn.Nesterov, {"lr": 5e-4, "mu": 0.9}, rosenbrock, [[-0.99518, 1.0836], [-0.9393227938564638, 1.1015288141559998], [-0.9432262625030462, 0.897853009317715], [0.35001588062643413, 0.11914998727307353]]),  # noqa: E501
    (nn.Adagrad, {"lr": 0.5}, quadratic, [[-1.5000000025, 0.5000000002], [-1.20000000338, 0.2763932024584669], [-0.05646173573078029, 1.1576952879453292e-05], [-8.749045362777387e-15, 2.2370617182288764e-49]]),  # noqa: E501
    (nn.Adagrad, {"lr": 0.5}, rosenbrock, [[-0.7000000000231911, 1.499999999943182], [-1.0958480549269876, 1.0416094010576624], [-1.008214639778138, 1.0235967401106636], [-0.6800312187537295, 0.4690258940856643]]),  # noqa: E501
    (nn.RMSprop, {"lr": 0.02}, quadratic, [[-1.9367544477966323, 0.9367544468766325], [-1.8915760509762025, 0.8923169213581933], [-1.4563264763023183, 0.49036711400195443], [-5.902327020683123e-05, 0.008690912614139852]]),  # noqa: E501
    (nn.RMSprop, {"lr": 0.02}, rosenbrock, [[-1.1367544468059088, 1.0632455531806404], [-1.107141177518092, 1.0936619009338922], [-1.0535733185726253, 1.1163169264340231], [0.14412805865995332, 0.029941605564751332]]),  # noqa: E501
    (nn.Adadelta, {}, quadratic, [[-1.9955278752252983, 0.9955278641165546], [-1.9910037208998859, 0.9910086577953449], [-1.9078632194894285, 0.909470421597435], [-1.1581511660464099, 0.3146036983539299]]),  # noqa: E501
    (nn.Adadelta, {}, rosenbrock, [[-1.1955278640459626, 1.0044721359492246], [-1.191083638278744, 1.0089230355524599], [-1.1297856478557475, 1.071321630618881], [-1.033344405770548, 1.0746371494067422]]),  # noqa: E501
    (nn.Adam, {"lr": 0.05}, quadratic, [[-1.95000000025, 0.95000000002], [-1.9000369979171992, 0.900083242845586], [-1.0401854056171715, 0.11122621344582766], [-6.683454358741606e-05, 2.845133660478247e-05]]),  # noqa: E501
    (nn.Adam, {"lr": 0.05}, rosenbrock, [[-1.1500000000023192, 1.0499999999943181], [-1.102111023624808, 1.0980762212585684], [-1.0595395714182134, 1.0660051669986632], [-0.6077687938925047, 0.3745609807292311]]),  # noqa: E501
    (nn.AdamW, {"lr": 0.05, "beta1": 0.8, "beta2": 0.99, "decay": 0.1}, quadratic, [[-1.94000000025, 0.94500000002], [-1.8803865708049925, 0.8904449382451615], [-0.9338656342572125, 0.1303809102343346], [5.6962337869609405e-09, 3.749440268022355e-11]]),  # noqa: E501
    (nn.AdamW, {"lr": 0.05, "beta1": 0.8, "beta2": 0.99, "decay": 0.1}, rosenbrock, [[-1.1440000000023192, 1.0449999999943183], [-1.0913313862181961, 1.0869829136751266], [-0.9595545210155016, 0.9648808204178457], [0.18705266881014726, 0.03365080339115708]]),  # noqa: E501
]  # fmt: skip


@pytest.mark.parametrize(("optimizer", "settings", "gradient", "path"), GOLDEN)
def test_follows_the_path_of_torch(optimizer, settings, gradient, path):
    theta = np.array([-2.0, 1.0]) if gradient is quadratic else np.array([-1.2, 1.0])
    opt = optimizer([theta], **settings)
    stops = dict(zip((1, 2, 20, 200), path, strict=True))
    for t in range(1, 201):
        opt.step([gradient(theta)])
        if t in stops:
            np.testing.assert_allclose(theta, stops[t], rtol=1e-10, atol=1e-10)
    assert opt.t == 200


@EVERY_OPTIMIZER
def test_every_step_of_torch(optimizer):
    torch = pytest.importorskip("torch")
    theirs = {
        nn.SGD: lambda p: torch.optim.SGD(p, lr=0.01),
        nn.Momentum: lambda p: torch.optim.SGD(p, lr=0.01, momentum=0.9),
        nn.Nesterov: lambda p: torch.optim.SGD(p, lr=0.01, momentum=0.9, nesterov=True),
        nn.Adagrad: lambda p: torch.optim.Adagrad(p, lr=0.01, eps=1e-8),
        nn.RMSprop: lambda p: torch.optim.RMSprop(p, lr=0.01, alpha=0.9),
        nn.Adadelta: lambda p: torch.optim.Adadelta(p, lr=0.01, rho=0.95),
        nn.Adam: lambda p: torch.optim.Adam(p, lr=0.01),
        nn.AdamW: lambda p: torch.optim.AdamW(p, lr=0.01),
    }[optimizer]
    theta, p = np.array([-2.0, 1.0]), torch.tensor([-2.0, 1.0], dtype=torch.float64)
    ours, theirs = optimizer([theta], lr=0.01), theirs([p])
    for _ in range(200):
        ours.step([quadratic(theta)])
        p.grad = torch.tensor(quadratic(p.numpy()))
        theirs.step()
        np.testing.assert_allclose(theta, p.numpy(), rtol=0, atol=1e-10)


@EVERY_OPTIMIZER
def test_float32_stays_float32_in_place(optimizer):
    W, b = np.ones((2, 3), np.float32), np.ones(3, np.float32)
    opt = optimizer([W, b], lr=0.1)
    for _ in range(3):
        opt.lr = np.float64(0.1)
        gradients = [np.full((2, 3), 0.5, np.float32), np.full(3, -0.5, np.float32)]
        before = [g.copy() for g in gradients]
        opt.step(gradients)
        assert all(np.array_equal(g, old) for g, old in zip(gradients, before, strict=True))
    assert opt.params[0] is W and opt.params[1] is b and (W < 1).all()
    if optimizer is not nn.AdamW:  # whose decay also pulls b towards 0
        assert (b > 1).all()
    for slots in opt.state:
        assert len(slots) == len(opt.slots)
        assert all(slot.dtype == np.float32 and slot.any() for slot in slots)
    assert type(opt.lr) is float


@EVERY_OPTIMIZER
def test_update_alone_computes_in_the_dtype_of_the_parameters(optimizer):
    """No float64 array appears on the way, not even as a temporary."""
    theta, g = np.ones(4, np.float32), np.full(4, 0.5, np.float32)
    opt = optimizer([theta], lr=0.1)
    opt.t = 1
    opt.update(*(array.view(Watched) for array in (theta, g, *opt.state[0])))
    assert (theta < 1).all()


class Watched(np.ndarray):
    def __array_ufunc__(self, ufunc, method, *inputs, out=None, **kwargs):
        bare = [np.asarray(x) if isinstance(x, np.ndarray) else x for x in inputs]
        assert all(x.dtype == np.float32 for x in bare if isinstance(x, np.ndarray)), ufunc
        kwargs |= {"out": tuple(np.asarray(o) for o in out)} if out else {}
        result = getattr(ufunc, method)(*bare, **kwargs)
        assert result.dtype != np.float64, ufunc
        return out[0] if out else result.view(Watched)


@pytest.mark.parametrize("g", [1e-6, 0.3, -20.0, 1e6])
def test_adam_with_a_constant_gradient_steps_by_lr_from_the_start(g):
    theta = np.zeros(1)
    opt = nn.Adam([theta], lr=0.01)
    for _ in range(50):
        before = theta.copy()
        opt.step([np.array([g])])
        step = before - theta
        assert step[0] == pytest.approx(np.sign(g) * 0.01 * abs(g) / (abs(g) + 1e-8), rel=1e-9)


def lengths_of_steps(opt, gradients):
    theta, steps = opt.params[0], []
    for g in gradients:
        before = theta.copy()
        opt.step([np.array([float(g)])])
        steps.append((before - theta).item())
    return np.array(steps)


def test_adam_without_correction_overshoots_first():
    """W51: m / √v at steps 1, 10, 100 and 1000."""
    opt = nn.Adam([np.zeros(1)], lr=1.0, eps=1e-300, correct=False)
    steps = lengths_of_steps(opt, np.ones(1000))
    np.testing.assert_allclose(
        steps[[0, 9, 99, 999]], [3.162, 6.528, 3.241, 1.258], rtol=0, atol=5e-4
    )


def test_momentum_gathers_ten_steps():
    """W52: with a constant gradient the step grows towards 1 / (1 - μ) times η g."""
    steps = lengths_of_steps(nn.Momentum([np.zeros(1)], lr=0.1, mu=0.9), np.full(50, 2.0)) / 0.2
    np.testing.assert_allclose(
        steps[[0, 4, 9, 19, 49]], [1, 4.10, 6.51, 8.78, 9.95], rtol=0, atol=5e-3
    )


def test_adagrad_slows_to_a_halt():
    """W53: η / √t."""
    steps = lengths_of_steps(nn.Adagrad([np.zeros(1)], lr=0.1), np.ones(10_000))
    np.testing.assert_allclose(steps[[0, 9, 99, 9999]], [0.1, 0.0316, 0.01, 0.001], atol=5e-5)


def test_rmsprop_keeps_an_exponential_average():
    """W50: not the mean 1, 2.5, 4.67, 7.5, 11."""
    opt, seen = nn.RMSprop([np.zeros(1)], rho=0.5), []
    for g in range(1, 6):
        opt.step([np.array([float(g)])])
        seen.append(opt.state[0][0].item())
    np.testing.assert_allclose(seen, [0.5, 2.25, 5.625, 10.8125, 17.90625])


@pytest.mark.parametrize(("lr", "end"), [(0.19, 2.7e-5), (0.20, 1), (0.21, 13781)])
def test_a_rate_above_two_over_l_diverges(lr, end):
    """W54: gradient descent on 5x² from 1, 100 steps."""
    theta = np.ones(1)
    opt = nn.SGD([theta], lr=lr)
    for _ in range(100):
        opt.step([10 * theta])
    assert abs(theta.item()) == pytest.approx(end, rel=0.02)


def test_a_falling_rate_settles_where_a_constant_one_hovers():
    """W55: one-dimensional regression, y = 2x + noise, one example at a time."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal(8_000)
    y = 2 * x + 0.5 * rng.standard_normal(8_000)

    def distance(schedule):
        theta, seen = np.zeros(1), []
        opt = nn.SGD([theta], lr=1.0)
        for t in range(8_000):
            opt.lr = schedule(t)
            opt.step([(theta * x[t] - y[t]) * x[t]])
            seen.append(theta.item() - 2)
        return np.sqrt(np.mean(np.square(seen[-1000:])))

    constant = distance(lambda t: 0.1)
    falling = distance(lambda t: schedules.inverse(t, lr=0.1, steps=10))
    assert 0.08 < constant < 0.2 and falling < 0.2 * constant


def test_nesterov_is_the_gradient_at_the_point_ahead():
    """The textbook form, v ← μv - η∇f(θ + μv), with theta = θ + μv throughout."""
    theta = np.array([-2.0, 1.0])
    opt, x, v = nn.Nesterov([theta], lr=0.02, mu=0.8), theta.copy(), np.zeros(2)
    for _ in range(10):
        v = 0.8 * v - 0.02 * quadratic(x + 0.8 * v)
        x = x + v
        opt.step([quadratic(theta)])
        np.testing.assert_allclose(theta, x + 0.8 * v, rtol=1e-12)


@EVERY_OPTIMIZER
@pytest.mark.parametrize("cached", [1, 7, 10])
def test_a_large_array_in_pieces_moves_as_a_whole(optimizer, cached, monkeypatch):
    shapes = [(5, 3), (11,), (1, 20), (3, 2, 4)]

    def moved():
        rng = np.random.default_rng(0)
        params = [rng.standard_normal(shape) for shape in shapes]
        opt = optimizer(params, lr=0.1)
        for _ in range(3):
            opt.step([rng.standard_normal(shape) for shape in shapes])
        return params

    whole = moved()
    monkeypatch.setattr("nnlib.optimizers.base.CACHED", cached)
    for mine, theirs in zip(moved(), whole, strict=True):
        assert np.array_equal(mine, theirs)
    slices = pieces(np.ones((5, 3)))
    assert len(slices) > 1 and sum(len(np.ones(5)[rows]) for rows in slices) == 5


def test_steps_of_one_parameter_do_not_touch_another():
    a, b = np.ones(2), np.ones(3)
    opt = nn.Adam([a, b])
    opt.step([np.ones(2), np.zeros(3)])
    assert (a < 1).all() and (b == 1).all()


class TestSchedules:
    def test_staircase(self):
        rates = [schedules.staircase(t, lr=1.0, every=3, factor=0.5) for t in range(7)]
        assert rates == [1, 1, 1, 0.5, 0.5, 0.5, 0.25]

    def test_exponential(self):
        np.testing.assert_allclose(schedules.exponential(np.arange(3), 2.0, 0.9), [2, 1.8, 1.62])

    def test_inverse(self):
        assert [schedules.inverse(t, 0.1, 10) for t in (0, 10, 20)] == [0.1, 0.05, 0.1 / 3]

    def test_cosine(self):
        rates = schedules.cosine(np.array([0, 25, 50, 100, 200]), lr=0.5, steps=100, end=0.1)
        np.testing.assert_allclose(rates, [0.5, 0.1 + 0.4 * 0.853553, 0.3, 0.1, 0.1], rtol=1e-6)
        assert schedules.cosine(100, lr=0.5, steps=100) == 0

    def test_warmup(self):
        rates = schedules.warmup(np.arange(6), 0.8, steps=4)
        np.testing.assert_allclose(rates, [0.2, 0.4, 0.6, 0.8, 0.8, 0.8])
        t = np.arange(10)
        joined = schedules.warmup(t, schedules.exponential(t, 1.0, 0.5), steps=2)
        np.testing.assert_allclose(joined[:3], [0.5, 0.5, 0.25])
