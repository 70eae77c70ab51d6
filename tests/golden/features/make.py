"""Golden values of packages/features from librosa, in float64.

    python3 tests/golden/features/make.py

writes log-mel.json and mel.json beside this file. make_presets.py has each program in its own convention.

librosa centres a window that is shorter than the FFT in its frame of n_fft samples. With (n_fft - window) / 2 zeros
on both sides of the signal its frame i covers samples [hop * i, hop * i + window), as ours does.
"""

import json
import math
import pathlib
import platform

import librosa
import numpy
import scipy

HERE = pathlib.Path(__file__).parent
SECONDS = 0.5


def chirp(n, rate):
    t = n / rate
    return 0.8 * math.sin(2 * math.pi * (100 * t + 3300 * t * t))


def noise():
    state = 1

    def sample(n, rate):
        nonlocal state
        state = (1664525 * state + 1013904223) & 0xFFFFFFFF
        return 0.3 * (state / 2**31 - 1)

    return sample


def voice(n, rate):
    """Harmonics of a gliding pitch under three formants, with a syllable's loudness."""
    t = n / rate
    phase = 2 * math.pi * (120 * t + 30 * t * t)
    loudness = 0.5 - 0.5 * math.cos(2 * math.pi * 4 * t)
    total = 0.0
    for harmonic in range(1, 21):
        height = sum(1 / (1 + ((harmonic * 130 - formant) / 90) ** 2) for formant in (700, 1220, 2600))
        total += height * math.sin(harmonic * phase)
    return 0.2 * loudness * total


SIGNALS = {"chirp": lambda: chirp, "noise": noise, "voice": lambda: voice}

SETTINGS = [
    {},
    {
        "preEmphasis": 0,
        "windowMs": 32,
        "hopMs": 12.5,
        "window": "hann",
        "bands": 40,
        "lowHz": 0,
        "highHz": 7600,
        "melScale": "slaney",
        "melNorm": "area",
        "floor": 1e-10,
        "deltaRadius": 3,
    },
    {"sampleRateHz": 8000, "fftSize": 256, "bands": 23, "highHz": 4000, "deltaRadius": 1},
]

DEFAULTS = {
    "sampleRateHz": 16000,
    "preEmphasis": 0.97,
    "windowMs": 25,
    "hopMs": 10,
    "fftSize": 512,
    "window": "hamming",
    "bands": 64,
    "lowHz": 20,
    "highHz": 8000,
    "melScale": "htk",
    "melNorm": "none",
    "floor": 1e-7,
    "deltaRadius": 2,
}


def samples(name, rate):
    """Rounded to 16 bits, so that the last digit of a sine does not matter."""
    make = SIGNALS[name]()
    count = round(SECONDS * rate)
    return numpy.array([math.floor(32768 * make(n, rate) + 0.5) / 32768 for n in range(count)])


def case(name, settings):
    full = {**DEFAULTS, **settings}
    rate = full["sampleRateHz"]
    window = round(full["windowMs"] * rate / 1000)
    hop = round(full["hopMs"] * rate / 1000)
    x = samples(name, rate)
    # lfilter's state that stands for x[-1] = x[0]
    state = numpy.atleast_1d(-full["preEmphasis"] * x[0])
    y = librosa.effects.preemphasis(x, coef=full["preEmphasis"], zi=state)
    margin = (full["fftSize"] - window) // 2
    power = librosa.feature.melspectrogram(
        y=numpy.pad(y, margin),
        sr=rate,
        n_fft=full["fftSize"],
        win_length=window,
        hop_length=hop,
        window=full["window"],
        center=False,
        power=2.0,
        n_mels=full["bands"],
        fmin=full["lowHz"],
        fmax=full["highHz"],
        htk=full["melScale"] == "htk",
        norm="slaney" if full["melNorm"] == "area" else None,
        dtype=numpy.float64,
    )
    assert power.dtype == numpy.float64
    still = numpy.log(power + full["floor"])
    width = 2 * full["deltaRadius"] + 1
    slope = librosa.feature.delta(still, width=width, order=1, mode="nearest")
    bend = librosa.feature.delta(slope, width=width, order=1, mode="nearest")
    frames = still.shape[1]
    chosen = [0, 1, frames // 2, frames - 1]

    def rows(values):
        return [[round(float(v), 6) for v in values[:, frame]] for frame in chosen]

    return {
        "signal": name,
        "settings": settings,
        "frames": frames,
        "chosen": chosen,
        "static": rows(still),
        "delta": rows(slope),
        "deltaDelta": rows(bend),
    }


def mel_scales():
    hz = [0, 20, 100, 440, 999, 1000, 1001, 2500, 4000, 8000]
    return {
        scale: {
            "hz": hz,
            "mel": [round(float(librosa.hz_to_mel(f, htk=scale == "htk")), 9) for f in hz],
            "centresHz": [
                round(float(f), 6)
                for f in librosa.mel_frequencies(66, fmin=0, fmax=8000, htk=scale == "htk")[1:-1]
            ],
        }
        for scale in ("htk", "slaney")
    }


def write(name, content):
    source = {
        "program": "librosa " + librosa.__version__,
        "versions": f"numpy {numpy.__version__}, scipy {scipy.__version__}, Python {platform.python_version()}",
        "command": "python3 tests/golden/features/make.py",
    }
    text = json.dumps({**source, **content}, separators=(",", ":"))
    # a line a case and channel, so that a change shows where it is
    for key in ('"signal"', '"static"', '"delta"', '"deltaDelta"', '"slaney"', '"centresHz"'):
        text = text.replace(key, "\n" + key)
    (HERE / name).write_text(text + "\n")


if __name__ == "__main__":
    write("mel.json", mel_scales())
    write("log-mel.json", {"cases": [case(name, settings) for settings in SETTINGS for name in SIGNALS]})
