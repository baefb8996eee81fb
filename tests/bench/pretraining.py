"""Does layer-wise pre-training help a deep sigmoid net with few labels?

    python -m tests.bench.pretraining

Digits, ten labelled images of each class, all 1,438 images without labels for pre-training;
test accuracy over seeds, after the same fine-tuning. Every start gets the best of the same
three learning rates, judged by the mean over the seeds. Measured, four seeds:

    hidden layers                1                  3                  5
    Normal(0, 0.01²)   .907 (.886-.925)   .708 (.677-.744)   .228 (.175-.306)
    Xavier             .905 (.894-.925)   .875 (.858-.894)   .764 (.663-.825)
    RBMs               .906 (.889-.925)   .899 (.889-.908)   .846 (.830-.858)
    ReLU, no RBM       .907 (.891-.925)   .905 (.886-.919)   .893 (.866-.919)

Pre-training helps sigmoids, the more the deeper the net; ReLU and a good init help more, and
need no unlabelled images.
"""

import numpy as np

import nnlib as nn

SEEDS, RATES, HIDDEN = range(4), (1e-3, 3e-3, 1e-2), 100


def data(seed, per_class=10):
    """Labelled images, drawn class by class; all images; test images."""
    d = nn.data.digits()
    rng = np.random.default_rng(seed)
    rows = np.concatenate(
        [rng.choice(np.flatnonzero(d.y_train == k), per_class, replace=False) for k in range(10)]
    )
    flat = d.x_train.reshape(-1, 64)
    return flat[rows], d.y_train[rows], flat, d.x_test.reshape(-1, 64), d.y_test


def pretrained(depth, x, rng):
    net = nn.deep_belief_net(64, [HIDDEN] * depth, 10, rng=rng).astype(np.float32)
    for _ in nn.pretrain(net, x, epochs=30, batch_size=20, lr=0.1):
        pass
    return net


def random_start(init, activation=nn.Sigmoid):
    def start(depth, x, rng):
        layers, n_in = [], 64
        for _ in range(depth):
            layers += [nn.Linear(n_in, HIDDEN, rng=rng, init=init), activation()]
            n_in = HIDDEN
        last = nn.Linear(n_in, 10, rng=rng, init=init)
        return nn.Sequential(*layers, last).astype(np.float32)

    return start


STARTS = {
    "Normal(0, 0.01²)": random_start(nn.init.normal),
    "Xavier": random_start(nn.init.xavier),
    "RBMs": pretrained,
    "ReLU, He, no RBM": random_start(nn.init.he, nn.ReLU),
}


def accuracy(start, depth, lr, seed, epochs=150):
    """Test accuracy after fine-tuning, and the gradient the first layer sees at its start."""
    x, y, everything, x_test, y_test = data(seed)
    rng = np.random.default_rng(seed)
    net, loss = start(depth, everything, rng), nn.SoftmaxCrossEntropy()
    loss(net(x, training=True), y)
    net.backward(loss.backward())
    first = float(np.linalg.norm(net[0].dW))
    opt = nn.Adam(net.parameters(), lr=lr)
    for _ in nn.train(net, loss, opt, x, y, epochs=epochs, batch_size=20, rng=rng):
        pass
    return nn.accuracy(net, x_test, y_test), first


def main():
    print(f"{'hidden layers':>13}  {'start':18}  {'accuracy: mean, min-max':>24}  lr, |dW₁|")
    for depth in (1, 3, 5):
        for name, start in STARTS.items():
            runs = {lr: [accuracy(start, depth, lr, seed) for seed in SEEDS] for lr in RATES}
            lr = max(runs, key=lambda lr: np.mean([a for a, _ in runs[lr]]))
            a = [a for a, _ in runs[lr]]
            spread = f"{np.mean(a):.3f}, {min(a):.3f}-{max(a):.3f}"
            print(f"{depth:13}  {name:18}  {spread:>24}  {lr:g}, {runs[lr][0][1]:.1e}", flush=True)


if __name__ == "__main__":
    main()
