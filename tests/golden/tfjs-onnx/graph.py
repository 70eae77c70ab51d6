"""Checks the fixture graph of graph.test.ts with the onnx package and runs it in onnxruntime.

From the root of the repository, with onnx, onnxruntime and numpy:

    node tests/golden/tfjs-onnx/write-graph.mjs everything graph.onnx
    python tests/golden/tfjs-onnx/graph.py graph.onnx > tests/golden/tfjs-onnx/graph.json
"""

import hashlib
import json
import sys

import numpy as np
import onnx
import onnxruntime

with open(sys.argv[1], "rb") as file:
    content = file.read()
model = onnx.load_from_string(content)
onnx.checker.check_model(model, full_check=True)
assert {entry.key: entry.value for entry in model.metadata_props} == {"labels": "ängstlich,neutral"}
stored = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
expected = {
    "float32": [[0.5, -1], [2, 3]],
    "float64": [1, 2, 3, 4],
    "int32": [-1, 0, 1, 2],
    "bool": [False, True, True, False],
    "uint8": [0, 127, 128, 255],
}
for dtype, values in expected.items():
    assert any(a.dtype == dtype and a.tolist() == values for a in stored.values()), dtype
assert any(a.tolist() == [-(2**40), 0, 1, 2**40] for a in stored.values())

total = sum(
    a.astype(np.float32).reshape(4) for a in stored.values() if a.size == 4
).astype(np.float32)
x = np.arange(8, dtype=np.float32).reshape(2, 4)
clipped = np.maximum(np.where(x + total < 0, (x + total) * 0.125, x + total), -1e6)
result = onnxruntime.InferenceSession(content).run(None, {"x": x})[0]
wanted = np.concatenate([clipped, clipped[:, 2:].max(1, keepdims=True)], 1)
assert np.allclose(result, wanted), (result, wanted)

json.dump(
    {
        "program": "onnx.checker, onnxruntime",
        "versions": {"onnx": onnx.__version__, "onnxruntime": onnxruntime.__version__},
        "command": "python tests/golden/tfjs-onnx/graph.py graph.onnx",
        "checked": True,
        "sha256": hashlib.sha256(content).hexdigest(),
    },
    sys.stdout,
    indent=2,
)
print()
