"""The peer of train-worker.mjs: the same heads, batches and optimiser in PyTorch. train.py fixed|recipe"""
import json
import os
import sys
import time

import numpy as np

try:
    import torch
    import torch.nn as nn
    from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence
except ImportError as error:
    print(f'no PyTorch: {error}')
    sys.exit(3)

if os.environ.get('OMP_NUM_THREADS') == '1':
    torch.set_num_threads(1)
rng = np.random.default_rng(0)
B, H, C = 32, 128, 8


def report(start, steps):
    ms = (time.perf_counter() - start) / steps * 1000
    print(json.dumps({'msPerStep': ms, 'versions': {'torch': torch.__version__}}))


def attend(score, h, lengths=None):
    e = score(torch.tanh(h)).squeeze(-1)
    if lengths is not None:
        there = torch.arange(h.shape[1])[None] < lengths[:, None]
        e = e.masked_fill(~there, -1e9)
    return (torch.softmax(e, 1)[..., None] * h).sum(1)


class Fixed(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(2048, H, bidirectional=True, batch_first=True)
        self.score = nn.Linear(2 * H, 1, bias=False)
        self.out = nn.Linear(2 * H, C)

    def forward(self, x):
        return self.out(attend(self.score, self.lstm(x)[0]))


def fixed():
    head = Fixed()
    optimiser = torch.optim.Adam(head.parameters(), lr=1e-3)
    batches = [torch.from_numpy(rng.uniform(-1, 1, (B, 16, 2048)).astype(np.float32)) for _ in range(8)]
    y = torch.arange(B) % C

    def step(k):
        optimiser.zero_grad()
        nn.functional.cross_entropy(head(batches[k % 8]), y).backward()
        optimiser.step()

    for k in range(5):
        step(k)
    start = time.perf_counter()
    for k in range(80):
        step(k)
    report(start, 80)


class Head(nn.Module):
    def __init__(self, D=6144, P=192, Q=128):
        super().__init__()
        self.project = nn.Linear(D, P)
        self.lstm = nn.LSTM(P, H, bidirectional=True, batch_first=True)
        self.score = nn.Linear(2 * H, 1, bias=False)
        self.dense = nn.Linear(2 * H, Q)
        self.out = nn.Linear(Q, C)
        self.drop_in, self.drop = nn.Dropout(0.1), nn.Dropout(0.3)

    def forward(self, x, lengths):
        p = self.drop(torch.relu(self.project(self.drop_in(x))))
        if lengths is None:
            h, _ = self.lstm(p)
        else:
            packed = pack_padded_sequence(p, lengths, batch_first=True, enforce_sorted=False)
            h, _ = pad_packed_sequence(self.lstm(packed)[0], batch_first=True)
        z = self.drop(attend(self.score, h, lengths))
        return self.out(self.drop(torch.relu(self.dense(z))))


def recipe():
    D = 6144
    counts = {4: 26, 5: 62, 6: 72, 7: 58, 8: 40, 9: 25, 10: 17, 11: 10, 12: 6, 13: 3, 14: 1}
    clips = [torch.from_numpy(rng.random((t, D), dtype=np.float32)) for t, n in counts.items() for _ in range(n)]
    labels = np.array([i % C for n in counts.values() for i in range(n)])
    mean, inverse = torch.full((D,), 0.5), torch.full((D,), 1 / 0.29)
    head = Head()
    optimiser = torch.optim.AdamW(head.parameters(), lr=8e-4, weight_decay=1e-2)

    def epoch():
        order = sorted(rng.permutation(len(clips)), key=lambda k: len(clips[k]))
        batches = [np.array(order[i:i + B]) for i in range(0, len(order), B)]
        for k in rng.permutation(len(batches)):
            rows = batches[k]
            n, longest = len(rows), max(len(clips[r]) for r in rows)
            share = torch.from_numpy(rng.beta(0.3, 0.3, n).astype(np.float32))
            partner = torch.from_numpy(rng.permutation(n))
            lengths = torch.tensor([len(clips[r]) for r in rows])
            if bool((lengths == longest).all()):
                x = (torch.stack([clips[r] for r in rows]) - mean) * inverse
                both = None
            else:
                x = torch.zeros(n, longest, D)
                for row, r in enumerate(rows):
                    x[row, :len(clips[r])] = (clips[r] - mean) * inverse
                both = torch.maximum(lengths, lengths[partner])
            x = share[:, None, None] * x + (1 - share)[:, None, None] * x[partner]
            y = nn.functional.one_hot(torch.from_numpy(labels[rows]), C).float() * 0.95 + 0.05 / C
            y = share[:, None] * y + (1 - share)[:, None] * y[partner]
            optimiser.zero_grad()
            loss = -(torch.log_softmax(head(x, both), 1) * y).sum() / n
            loss.backward()
            nn.utils.clip_grad_norm_(head.parameters(), 1.0)
            optimiser.step()
        return len(batches)

    for _ in range(2):
        epoch()
    start = time.perf_counter()
    steps = sum(epoch() for _ in range(8))
    report(start, steps)


{'fixed': fixed, 'recipe': recipe}[sys.argv[1]]()
