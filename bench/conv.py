"""The peer of conv-worker.mjs: the same network, weights, batch and optimiser in PyTorch, one thread.

conv.py <last|whole> <file of float32: all weights, then the images>, with the same lines in and out.
"""
import json
import os
import resource
import sys
import time

import numpy as np
import torch
import torch.nn as nn
import torchvision

torch.set_num_threads(1)
part, path = sys.argv[1:3]
layout = torch.channels_last if os.environ.get('LAYOUT') == 'channels_last' else torch.contiguous_format
BATCH, SIDE, CLASSES = 32, 64, 8

net = torchvision.models.resnet18(num_classes=CLASSES)


def folded(module):
    """Convolutions with a bias, in the place of those with a normalisation behind them."""
    for name, child in module.named_children():
        if isinstance(child, nn.BatchNorm2d):
            setattr(module, name, nn.Identity())
        elif isinstance(child, nn.Conv2d):
            same = nn.Conv2d(child.in_channels, child.out_channels, child.kernel_size, child.stride, child.padding)
            setattr(module, name, same)
        else:
            folded(child)


folded(net)
values = torch.from_numpy(np.fromfile(path, dtype=np.float32))
at = 0


def take(*shape):
    global at
    size = int(np.prod(shape))
    at += size
    return values[at - size:at].reshape(shape).clone()


def fill(conv):
    out, inner, height, width = conv.weight.shape
    conv.weight.data = take(height, width, inner, out).permute(3, 2, 0, 1).contiguous()
    conv.bias.data = take(out)


fill(net.conv1)
for stage in (net.layer1, net.layer2, net.layer3, net.layer4):
    for block in stage:
        fill(block.conv1)
        fill(block.conv2)
        if block.downsample is not None:
            fill(block.downsample[0])
net.fc.weight.data = take(512, CLASSES).T.contiguous()
net.fc.bias.data = take(CLASSES)
x = take(BATCH, SIDE, SIDE, 3).permute(0, 3, 1, 2).contiguous()
assert at == len(values)
net, x = net.to(memory_format=layout), x.to(memory_format=layout)
y = torch.arange(BATCH) % CLASSES

for name, weight in net.named_parameters():
    weight.requires_grad = part == 'whole' or name.startswith(('layer4', 'fc'))
optimiser = torch.optim.Adam([w for w in net.parameters() if w.requires_grad], lr=1e-4, fused=True)


def step():
    optimiser.zero_grad()
    loss = nn.functional.cross_entropy(net(x), y)
    loss.backward()
    optimiser.step()
    return loss.item()


print(json.dumps({'losses': [step() for _ in range(4)], 'version': torch.__version__}), flush=True)
for line in sys.stdin:
    start, steps = time.perf_counter(), 0
    while (time.perf_counter() - start) * 1000 < float(line):
        step()
        steps += 1
    ms = (time.perf_counter() - start) * 1000 / steps
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({'msPerStep': ms, 'rssMb': rss}), flush=True)
