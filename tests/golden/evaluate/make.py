"""Golden values of packages/evaluate from scikit-learn and SciPy.

    python3 tests/golden/evaluate/make.py

writes metrics.json and interval.json beside this file.
"""

import json
import pathlib
import platform
import warnings

import numpy
import scipy
import sklearn
from scipy import stats
from sklearn import metrics

HERE = pathlib.Path(__file__).parent
PROGRAM = {
    "command": "python3 tests/golden/evaluate/make.py",
    "python": platform.python_version(),
    "numpy": numpy.__version__,
    "scipy": scipy.__version__,
    "scikit-learn": sklearn.__version__,
}


def confusion_case(random, classes, utterances, absent, never):
    """Judgements of `classes` classes; those in `absent` do not occur, those in `never` are not predicted."""
    truths = [c for c in range(classes) if c not in absent]
    answers = [c for c in range(classes) if c not in never]
    truth = random.choice(truths, utterances)
    right = random.uniform(size=utterances) < 0.5
    other = random.choice(answers, utterances)
    prediction = numpy.where(right & numpy.isin(truth, answers), truth, other)
    labels = list(range(classes))
    occurs = numpy.bincount(truth, minlength=classes) > 0
    predicted = numpy.bincount(prediction, minlength=classes) > 0
    recall = metrics.recall_score(truth, prediction, labels=labels, average=None, zero_division=0)
    precision = metrics.precision_score(truth, prediction, labels=labels, average=None, zero_division=0)
    return {
        "confusion": metrics.confusion_matrix(truth, prediction, labels=labels).tolist(),
        "recalls": [float(r) if o else None for r, o in zip(recall, occurs)],
        "precisions": [float(p) if o else None for p, o in zip(precision, predicted)],
        "uar": float(metrics.balanced_accuracy_score(truth, prediction)),
        "accuracy": float(metrics.accuracy_score(truth, prediction)),
        "macroF1": float(metrics.f1_score(truth, prediction, average="macro")),
    }


def metrics_golden():
    random = numpy.random.default_rng(1)
    cases = [
        confusion_case(random, 2, 20, [], []),
        confusion_case(random, 4, 37, [], []),
        confusion_case(random, 8, 1440, [], []),
        confusion_case(random, 7, 535, [3], []),
        confusion_case(random, 5, 60, [], [0, 2]),
        confusion_case(random, 6, 80, [1, 4], [1, 5]),
        confusion_case(random, 10, 12, [], []),
    ]
    return {"program": PROGRAM, "cases": cases}


def interval_golden():
    quantiles = [
        {"confidence": confidence, "degreesOfFreedom": df, "t": float(stats.t.ppf((1 + confidence) / 2, df))}
        for confidence in (0.5, 0.8, 0.95, 0.99, 0.999)
        for df in (1, 2, 3, 4, 9, 10, 23, 24, 90, 91, 1000)
    ]
    random = numpy.random.default_rng(2)
    intervals = []
    for speakers in (2, 5, 24):
        left = random.uniform(0.3, 0.9, speakers)
        right = left - random.normal(0.02, 0.05, speakers)
        low, high = stats.t.interval(0.95, speakers - 1, left.mean(), stats.sem(left))
        paired = stats.ttest_rel(left, right).confidence_interval(0.95)
        intervals.append(
            {
                "left": left.tolist(),
                "right": right.tolist(),
                "mean": float(left.mean()),
                "low": float(low),
                "high": float(high),
                "difference": float((left - right).mean()),
                "differenceLow": float(paired.low),
                "differenceHigh": float(paired.high),
            }
        )
    return {"program": PROGRAM, "quantiles": quantiles, "intervals": intervals}


with warnings.catch_warnings():
    # balanced_accuracy_score warns of predictions of classes that do not occur; leaving them out is what is tested.
    warnings.simplefilter("ignore")
    for name, golden in {"metrics": metrics_golden(), "interval": interval_golden()}.items():
        (HERE / f"{name}.json").write_text(json.dumps(golden, indent=1) + "\n")
