"""Golden values of ridge regression and standardisation: scikit-learn, float64.

    python3 tests/golden/model/backbone-ridge.py > tests/golden/model/backbone-ridge.json

Rows are made by the minimal standard generator of Park and Miller. Columns differ in level and spread by powers
of ten, and column 5 is constant.
"""

import json

import numpy as np
import sklearn
from sklearn.linear_model import Ridge
from sklearn.preprocessing import StandardScaler

CASES = [
    {"rows": 300, "columns": 1700, "targets": 3, "lambda": 1, "seed": 11},
    {"rows": 150, "columns": 20, "targets": 2, "lambda": 10, "seed": 12},
]
TESTED = 4


def random_rows(rows, columns, seed):
    values = np.empty(rows * columns)
    for index in range(values.size):
        seed = seed * 48271 % 2147483647
        values[index] = seed / 2147483647 - 0.5
    powers = np.array([0.01, 0.1, 1, 10, 100])
    column = np.arange(columns)
    scaled = values.reshape(rows, columns) * powers[column % 5] + powers[column % 3]
    scaled[:, 5] = 0.7
    return scaled.astype(np.float32).astype(float)


def main():
    results = []
    for case in CASES:
        rows = random_rows(case["rows"] + TESTED, case["columns"], case["seed"])
        training, tested = rows[:case["rows"]], rows[case["rows"]:]
        targets = np.eye(case["targets"])[np.arange(case["rows"]) % case["targets"]]
        scaler = StandardScaler().fit(training)
        model = Ridge(alpha=case["lambda"], solver="svd").fit(scaler.transform(training), targets)
        results.append({
            **case,
            "mean": scaler.mean_[:12].tolist(),
            "deviation": scaler.scale_[:12].tolist(),
            "scores": model.predict(scaler.transform(tested)).tolist(),
        })
    print(json.dumps({
        "program": f"scikit-learn {sklearn.__version__}, numpy {np.__version__}",
        "command": "python3 tests/golden/model/backbone-ridge.py > tests/golden/model/backbone-ridge.json",
        "cases": results,
    }, indent=1))


main()
