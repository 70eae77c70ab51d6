"""Checks a network that was exported with the onnx package, and runs it in onnxruntime for Python.

From the root of the repository, with onnx, onnxruntime and numpy:

    node tests/golden/tfjs-onnx/write-graph.mjs network network.onnx
    python tests/golden/tfjs-onnx/export.py network.onnx > tests/golden/tfjs-onnx/export.json
"""

import json
import sys

import numpy as np
import onnx
import onnxruntime

with open(sys.argv[1], "rb") as file:
    content = file.read()
with open(sys.argv[1] + ".json") as file:
    inputs = json.load(file)
model = onnx.load_from_string(content)
onnx.checker.check_model(model, full_check=True)
assert {entry.key: entry.value for entry in model.metadata_props} == {"labels": "calm,happy,sad"}
feeds = {
    name: np.array(tensor["data"], np.float32).reshape(tensor["shape"])
    for name, tensor in inputs.items()
}
options = onnxruntime.SessionOptions()
options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
session = onnxruntime.InferenceSession(content, options)
names = [output.name for output in session.get_outputs()]
results = dict(zip(names, session.run(None, feeds)))
json.dump(
    {
        "program": "onnx.checker, onnxruntime without optimisation",
        "versions": {"onnx": onnx.__version__, "onnxruntime": onnxruntime.__version__},
        "command": "python tests/golden/tfjs-onnx/export.py network.onnx",
        "checked": True,
        "operators": sorted({node.op_type for node in model.graph.node}),
        "outputs": {
            name: {"shape": list(value.shape), "values": value.flatten().tolist()}
            for name, value in results.items()
        },
    },
    sys.stdout,
    indent=1,
)
print()
