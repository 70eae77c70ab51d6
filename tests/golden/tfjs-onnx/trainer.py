"""Training steps of a small BLSTM with attention, in PyTorch at float64.

From the root of the repository, with numpy and torch:

    python tests/golden/tfjs-onnx/trainer.py > tests/golden/tfjs-onnx/trainer.json
"""

import json
import sys

import numpy as np
import torch
from torch import nn

BATCH, STEPS, FEATURES, HIDDEN, DENSE, CLASSES = 3, 4, 5, 3, 4, 3
torch.set_num_threads(1)
rng = np.random.default_rng(20)


def numbers(*shape):
    """Values that float32 and a short text hold exactly."""
    return np.round(rng.standard_normal(shape) * 32) / 64


class Head(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(FEATURES, HIDDEN, bidirectional=True, batch_first=True)
        self.score = nn.Linear(2 * HIDDEN, 1, bias=False)
        self.dense = nn.Linear(2 * HIDDEN, DENSE)
        self.out = nn.Linear(DENSE, CLASSES)

    def forward(self, x, present, drop):
        hidden, _ = self.lstm(x)
        score = self.score(torch.tanh(hidden)).squeeze(-1) + (present - 1) * 1e9
        pooled = (torch.softmax(score, 1)[..., None] * hidden).sum(1)
        return self.out(torch.relu(self.dense(pooled)) * drop)


initial = {name: numbers(*value.shape) for name, value in Head().state_dict().items()}
present = np.array([[1, 1, 1, 1], [1, 1, 1, 0], [1, 1, 0, 0]])
batches = [
    {
        "x": numbers(BATCH, STEPS, FEATURES) * 2,
        "present": present,
        "drop": rng.integers(0, 2, (BATCH, DENSE)) * 2,
        "labels": rng.integers(0, CLASSES, BATCH),
    }
    for _ in range(3)
]


def train(make_optimiser, clip):
    model = Head().double()
    model.load_state_dict({name: torch.tensor(value) for name, value in initial.items()})
    decaying = [p for name, p in model.named_parameters() if "bias" not in name]
    others = [p for name, p in model.named_parameters() if "bias" in name]
    optimiser = make_optimiser(decaying, others)
    losses, norms, first = [], [], None
    for batch in batches:
        t = lambda name: torch.tensor(batch[name], dtype=torch.float64)
        logits = model(t("x"), t("present"), t("drop"))
        loss = nn.functional.cross_entropy(logits, torch.tensor(batch["labels"]))
        optimiser.zero_grad()
        loss.backward()
        if first is None:
            first = {name: p.grad.clone() for name, p in model.named_parameters()}
        norms.append(float(nn.utils.clip_grad_norm_(model.parameters(), clip)))
        optimiser.step()
        losses.append(loss.item())
    return {"losses": losses, "gradientNorms": norms, "weights": flat(model.state_dict())}, flat(first)


def flat(values):
    return {name: value.flatten().tolist() for name, value in values.items()}


adam, first_gradient = train(
    lambda decaying, others: torch.optim.AdamW(
        [{"params": decaying, "weight_decay": 0.1}, {"params": others, "weight_decay": 0.0}],
        lr=0.01,
        betas=(0.8, 0.99),
        eps=1e-6,
    ),
    clip=0.5,
)
sgd, _ = train(
    lambda decaying, others: torch.optim.SGD(
        [{"params": decaying, "weight_decay": 0.1}, {"params": others, "weight_decay": 0.0}],
        lr=0.1,
        momentum=0.9,
    ),
    clip=1e9,
)
json.dump(
    {
        "program": "PyTorch, float64",
        "versions": {"torch": torch.__version__, "numpy": np.__version__},
        "command": "python tests/golden/tfjs-onnx/trainer.py",
        "shapes": {name: list(value.shape) for name, value in initial.items()},
        "initial": {name: value.flatten().tolist() for name, value in initial.items()},
        "batches": [
            {name: value.flatten().tolist() for name, value in batch.items()} for batch in batches
        ],
        "firstGradient": first_gradient,
        "adam": adam,
        "sgd": sgd,
    },
    sys.stdout,
    separators=(",", ":"),
)
print()
