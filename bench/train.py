"""The peer of train-worker.mjs: the same head, batches and optimiser in PyTorch, one thread."""
import json
import time

import numpy as np
import torch
import torch.nn as nn

torch.set_num_threads(1)
D, P, H, Q, C, B = 6144, 192, 128, 128, 8, 32
rng = np.random.default_rng(0)
clips = {t: [torch.from_numpy(rng.random((t, D), dtype=np.float32)) for _ in range(64)] for t in (5, 6, 7, 8, 9)}
mean, inverse = torch.full((D,), 0.5), torch.full((D,), 1 / 0.29)


class Head(nn.Module):
    def __init__(self):
        super().__init__()
        self.project = nn.Linear(D, P)
        self.lstm = nn.LSTM(P, H, bidirectional=True, batch_first=True)
        self.score = nn.Linear(2 * H, 1, bias=False)
        self.dense = nn.Linear(2 * H, Q)
        self.out = nn.Linear(Q, C)
        self.drop_in, self.drop = nn.Dropout(0.1), nn.Dropout(0.3)

    def forward(self, x):
        h, _ = self.lstm(self.drop(torch.relu(self.project(self.drop_in(x)))))
        a = torch.softmax(self.score(torch.tanh(h)).squeeze(-1), 1)
        z = self.drop((a[..., None] * h).sum(1))
        return self.out(self.drop(torch.relu(self.dense(z))))


head = Head()
optimiser = torch.optim.AdamW(head.parameters(), lr=8e-4, weight_decay=1e-2)


def epoch():
    order = [(t, rng.permutation(64)) for t in clips]
    batches = [(t, p[i:i + B]) for t, p in order for i in range(0, 64, B)]
    for k in rng.permutation(len(batches)):
        t, rows = batches[k]
        x = (torch.stack([clips[t][r] for r in rows]) - mean) * inverse
        share = torch.from_numpy(rng.beta(0.3, 0.3, B).astype(np.float32))
        partner = torch.from_numpy(rng.permutation(B))
        x = share[:, None, None] * x + (1 - share)[:, None, None] * x[partner]
        y = torch.nn.functional.one_hot(torch.from_numpy(rows % C), C).float() * 0.95 + 0.05 / C
        y = share[:, None] * y + (1 - share)[:, None] * y[partner]
        optimiser.zero_grad()
        loss = -(torch.log_softmax(head(x), 1) * y).sum() / B
        loss.backward()
        torch.nn.utils.clip_grad_norm_(head.parameters(), 1.0)
        optimiser.step()
    return len(batches)


epoch()
start = time.perf_counter()
steps = sum(epoch() for _ in range(8))
print(json.dumps({'msPerStep': (time.perf_counter() - start) / steps * 1000, 'version': torch.__version__}))
