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
    {"rows": 90, "columns": 400, "targets": 3, "lambda": 5, "seed": 13, "weighted": True},
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
        # Weights 0.5, 1, 1.5, 2, 0.5 ... where the case asks for them.
        weights = 0.5 + np.arange(case["rows"]) % 4 * 0.5 if case.get("weighted") else None
        scaler = StandardScaler().fit(training, sample_weight=weights)
        model = Ridge(alpha=case["lambda"], solver="svd").fit(
            scaler.transform(training), targets, sample_weight=weights)
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
