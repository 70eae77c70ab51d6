"""Cross-entropy against shares of classes with class weights, and its gradient, by PyTorch.

python3 tests/golden/model/soft-labels.py > tests/golden/model/soft-labels.json
"""
import json
import platform

import torch

torch.manual_seed(0)
logits = torch.randn(5, 4, dtype=torch.float64, requires_grad=True)
shares = torch.tensor(
    [
        [0.75, 0.25, 0.0, 0.0],
        [0.0, 0.0, 1.0, 0.0],
        [0.25, 0.25, 0.25, 0.25],
        [0.0, 0.4, 0.0, 0.6],
        [0.1, 0.2, 0.3, 0.4],
    ],
    dtype=torch.float64,
)
weights = torch.tensor([2.0, 0.5, 1.0, 0.0], dtype=torch.float64)


def case(weight):
    """The sum over the clips, divided by the weight of all clips: the sum of share times class weight."""
    total = torch.nn.functional.cross_entropy(logits, shares, weight=weight, reduction="sum")
    loss = total / (shares * (torch.ones(4, dtype=torch.float64) if weight is None else weight)).sum()
    (gradient,) = torch.autograd.grad(loss, logits)
    return {
        "weights": [1.0] * 4 if weight is None else weight.tolist(),
        "loss": loss.item(),
        "gradient": gradient.tolist(),
    }


print(
    json.dumps(
        {
            "program": f"PyTorch {torch.__version__}, Python {platform.python_version()}",
            "command": "python3 tests/golden/model/soft-labels.py",
            "logits": logits.tolist(),
            "shares": shares.tolist(),
            "cases": [case(None), case(weights)],
        },
        indent=1,
    )
)
