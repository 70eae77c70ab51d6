"""Golden values of the head from PyTorch: loss, gradients, and weights after three AdamW steps with clipping.

    python3 tests/golden/model/head.py > packages/model/src/head.golden.json

Weights and inputs are sines of their index, so that the test makes them anew. Everything is in float64.
"""
import json
import math
import platform

import torch

B, T, D, P, H, Q, C = 3, 4, 12, 10, 4, 6, 5
LENGTHS = [4, 2, 3]
SHAPES = {
    'projectionKernel': [P, D], 'projectionBias': [P],
    'lstmKernel': [P, 8 * H], 'lstmBias': [8 * H], 'lstmRecurrent': [2, H, 4 * H],
    'scoreKernel': [2 * H, 1], 'denseKernel': [2 * H, Q], 'denseBias': [Q],
    'outputKernel': [Q, C], 'outputBias': [C],
}
UNDECAYED = ['projectionBias', 'lstmBias', 'denseBias', 'outputBias']


def wave(shape, phase, scale):
    size = math.prod(shape)
    values = [scale * math.sin(1.3 * i + phase) for i in range(size)]
    return torch.tensor(values, dtype=torch.float64).reshape(shape)


def factors(shape, every):
    size = math.prod(shape)
    values = [0.0 if i % every == 0 else every / (every - 1) for i in range(size)]
    return torch.tensor(values, dtype=torch.float64).reshape(shape)


def torch_lstm(weights, direction):
    """Our gates are input, forget, output, candidate; torch's input, forget, candidate, output."""
    order = [g * H + j for g in (0, 1, 3, 2) for j in range(H)]
    columns = [direction * 4 * H + k for k in order]
    return (weights['lstmKernel'][:, columns].T, weights['lstmRecurrent'][direction][:, order].T,
            weights['lstmBias'][columns])


def forward(weights, x, dropout):
    projected = torch.relu(x @ weights['projectionKernel'].T + weights['projectionBias']) * dropout['projection']
    packed = torch.nn.utils.rnn.pack_padded_sequence(projected, LENGTHS, batch_first=True, enforce_sorted=False)
    flat = []
    for direction in (0, 1):
        kernel, recurrent, bias = torch_lstm(weights, direction)
        flat += [kernel.contiguous(), recurrent.contiguous(), bias, torch.zeros_like(bias)]
    zeros = torch.zeros(2, B, H, dtype=torch.float64)
    out = torch._VF.lstm(packed.data, packed.batch_sizes, (zeros, zeros), flat, True, 1, 0.0, False, True)[0]
    restored = torch.nn.utils.rnn.PackedSequence(out, packed.batch_sizes, packed.sorted_indices, packed.unsorted_indices)
    hidden, _ = torch.nn.utils.rnn.pad_packed_sequence(restored, batch_first=True, total_length=T)
    scores = (torch.tanh(hidden) @ weights['scoreKernel']).squeeze(-1)
    there = torch.arange(T)[None, :] < torch.tensor(LENGTHS)[:, None]
    attention = torch.softmax(scores.masked_fill(~there, -math.inf), 1)
    context = (attention[..., None] * hidden).sum(1) * dropout['context']
    dense = torch.relu(context @ weights['denseKernel'] + weights['denseBias']) * dropout['dense']
    return dense @ weights['outputKernel'] + weights['outputBias']


def main():
    weights = {name: wave(shape, k, 0.4).requires_grad_() for k, (name, shape) in enumerate(SHAPES.items())}
    x = wave([B, T, D], 20, 1.0)
    for row, length in enumerate(LENGTHS):
        x[row, length:] = 0
    targets = torch.softmax(wave([B, C], 30, 2.0), 1)
    dropout = {'projection': factors([B, T, P], 5), 'context': factors([B, 2 * H], 3), 'dense': factors([B, Q], 4)}
    optimiser = torch.optim.AdamW([
        {'params': [w for n, w in weights.items() if n not in UNDECAYED], 'weight_decay': 0.01},
        {'params': [w for n, w in weights.items() if n in UNDECAYED], 'weight_decay': 0.0},
    ], lr=0.01)
    logits = forward(weights, x, {'projection': 1, 'context': 1, 'dense': 1})
    golden = {'program': 'PyTorch ' + torch.__version__, 'python': platform.python_version(),
              'command': 'python3 tests/golden/model/head.py > packages/model/src/head.golden.json',
              'logits': logits.tolist(), 'losses': [], 'norms': []}
    for step in range(3):
        optimiser.zero_grad()
        loss = -(targets * torch.log_softmax(forward(weights, x, dropout), 1)).sum()
        loss.backward()
        if step == 0:
            golden['gradients'] = {name: w.grad.flatten().tolist() for name, w in weights.items()}
        norm = torch.nn.utils.clip_grad_norm_(weights.values(), 1.0)
        golden['losses'].append(loss.item())
        golden['norms'].append(norm.item())
        optimiser.step()
    golden['weights'] = {name: w.detach().flatten().tolist() for name, w in weights.items()}
    rounded = json.loads(json.dumps(golden), parse_float=lambda text: float('%.9g' % float(text)))
    print(json.dumps(rounded, indent=None, separators=(',', ':')))


main()
