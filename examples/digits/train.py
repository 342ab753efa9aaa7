"""Trains the classifier of this example: 64 pixels, 32 hidden units (ReLU), 10 digits.

    python3 train.py        reads digits.csv, writes hidden.csv and output.csv beside it

The weights in the repository come from this script; nothing else needs it. Row k of a file holds the
weights from input k to all units, the last row those from a constant input of 1. The images from 1200
on are kept for the test and take no part. Needs numpy.
"""

import pathlib

import numpy as np

HIDDEN, TRAINED = 32, 1200
EPOCHS, BATCH, RATE, DECAY = 200, 50, 2e-3, 1e-2
LARGEST = 1.0  # size of a weight: conductances have a range, too
SHIFTED, NOISE = 0.3, 0.2  # share of images moved by a pixel, noise added to all pixels

folder = pathlib.Path(__file__).parent
rng = np.random.default_rng(1)

data = np.loadtxt(folder / "digits.csv", delimiter=",")
images, digits = data[:, :64] / 16, data[:, 64].astype(int)
wanted = np.eye(10)[digits]

weights = [rng.normal(0, 0.15, (65, HIDDEN)), rng.normal(0, 0.2, (HIDDEN + 1, 10))]
mean = [np.zeros_like(w) for w in weights]
square = [np.zeros_like(w) for w in weights]


def with_one(x):
    return np.hstack([x, np.ones((len(x), 1))])


def forward(x):
    hidden = with_one(np.maximum(x @ weights[0], 0))
    return hidden, hidden @ weights[1]


def disturbed(x):
    x = x.reshape(-1, 8, 8).copy()
    for k in range(len(x)):
        if rng.random() < SHIFTED:
            x[k] = np.roll(x[k], rng.integers(-1, 2), axis=rng.integers(2))
    return x.reshape(-1, 64) + rng.normal(0, NOISE, (len(x), 64))


step = 0
for epoch in range(EPOCHS):
    order = rng.permutation(TRAINED)
    for begin in range(0, TRAINED, BATCH):
        chosen = order[begin : begin + BATCH]
        x = with_one(disturbed(images[chosen]))
        hidden, scores = forward(x)
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        error = (p / p.sum(axis=1, keepdims=True) - wanted[chosen]) / len(chosen)
        back = (error @ weights[1].T)[:, :-1] * (hidden[:, :-1] > 0)
        step += 1
        for k, gradient in enumerate([x.T @ back, hidden.T @ error]):  # Adam, with weight decay
            mean[k] = 0.9 * mean[k] + 0.1 * gradient
            square[k] = 0.999 * square[k] + 0.001 * gradient**2
            update = mean[k] / (1 - 0.9**step) / (np.sqrt(square[k] / (1 - 0.999**step)) + 1e-8)
            weights[k] = np.clip(weights[k] - RATE * (update + DECAY * weights[k]), -LARGEST, LARGEST)

for name, w in zip(["hidden.csv", "output.csv"], weights):
    np.savetxt(folder / name, w, fmt="%.4f", delimiter=",")

right = forward(with_one(images))[1].argmax(axis=1) == digits
print(f"trained: {right[:TRAINED].mean():.1%}, test: {right[TRAINED:].mean():.1%}")
