"""Dropout masks of dropout.ts, written anew with Python's integers.

From the root of the repository:

    python tests/golden/tfjs-onnx/dropout.py > tests/golden/tfjs-onnx/dropout.json
"""

import json
import platform
import sys

M = 0xFFFFFFFF
GOLDEN = 0x9E3779B9


def mix(h):
    """The 32-bit finaliser of MurmurHash3."""
    h &= M
    h = (h ^ (h >> 16)) * 0x85EBCA6B & M
    h = (h ^ (h >> 13)) * 0xC2B2AE35 & M
    return h ^ (h >> 16)


def xoshiro128plus(s):
    """xoshiro128+ 1.0, as published at https://prng.di.unimi.it/xoshiro128plus.c"""
    result = (s[0] + s[3]) & M
    t = (s[1] << 9) & M
    s[2] ^= s[0]
    s[3] ^= s[1]
    s[1] ^= s[2]
    s[0] ^= s[3]
    s[2] ^= t
    s[3] = ((s[3] << 11) | (s[3] >> 21)) & M
    return result


def mask(seed, rate, length):
    digest = 0
    for word in seed:
        digest = mix((digest ^ word) + GOLDEN)
    states = [
        [mix(seed[j] ^ mix(digest + GOLDEN * (4 * j + lane + 1))) for j in range(4)]
        for lane in range(4)
    ]
    threshold = int(rate * 2**32)
    return "".join(
        "1" if xoshiro128plus(states[i % 4]) >= threshold else "0" for i in range(length)
    )


cases = [
    ([0, 0, 0, 0], 0.5, 50),
    ([1, 2, 3, 4], 0.25, 50),
    ([0xFFFFFFFF, 0, 0x80000000, 0xDEADBEEF], 0.9, 50),
]
json.dump(
    {
        "program": "Python",
        "versions": {"python": platform.python_version()},
        "command": "python tests/golden/tfjs-onnx/dropout.py",
        "masks": [
            {"seed": seed, "rate": rate, "bits": mask(seed, rate, length)}
            for seed, rate, length in cases
        ],
    },
    sys.stdout,
    indent=2,
)
print()
