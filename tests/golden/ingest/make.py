"""Writes the golden values of packages/ingest, by programs that share no code with it.

    python3 make.py        # Python 3.11, numpy, scipy, soundfile

wav.json       sound files written by libsndfile, with the values that libsndfile reads from them
g711.json      every byte of A-law and mu-law by Python's audioop (removed in Python 3.13)
resample.json  scipy.signal.firwin's taps and scipy.signal.upfirdn's output with them
"""
import base64
import io
import json
import math
import pathlib
import platform
import struct
import warnings

import numpy as np
import scipy
import scipy.signal
import soundfile

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import audioop

HERE = pathlib.Path(__file__).parent


def write(name, programs, **content):
    made = {"by": "python3 make.py", "python": platform.python_version(), **programs}
    text = json.dumps({"made": made, **content}, separators=(",", ":"))
    (HERE / name).write_text(text.replace('],"', '],\n"').replace("},", "},\n") + "\n")


def wav():
    time = np.arange(48) / 16000
    rows = []
    for kind, subtype, channels, rate in [
        ("WAV", "PCM_U8", 1, 8000),
        ("WAV", "PCM_16", 2, 44100),
        ("WAV", "PCM_24", 1, 48000),
        ("WAV", "PCM_32", 3, 96000),
        ("WAV", "FLOAT", 1, 16000),
        ("WAV", "DOUBLE", 2, 22050),
        ("WAV", "ULAW", 1, 8000),
        ("WAV", "ALAW", 2, 8000),
        ("WAVEX", "PCM_16", 1, 16000),
        ("WAVEX", "PCM_24", 6, 48000),
        ("WAVEX", "FLOAT", 2, 32000),
        ("RF64", "PCM_16", 1, 16000),
        ("RF64", "FLOAT", 2, 16000),
    ]:
        waves = [0.8 / (1 + c) * np.sin(2 * np.pi * 700 * (c + 1) * time + c) for c in range(channels)]
        file = io.BytesIO()
        soundfile.write(file, np.stack(waves, 1), rate, format=kind, subtype=subtype)
        file.seek(0)
        values, _ = soundfile.read(file, dtype="float64", always_2d=True)
        rows.append({
            "name": f"{kind} {subtype} x{channels}",
            "rate": rate,
            "channels": channels,
            "file": base64.b64encode(file.getvalue()).decode(),
            "mono": [float(v) for v in values.mean(1)],
        })
    write("wav.json", {"soundfile": soundfile.__version__, "libsndfile": soundfile.__libsndfile_version__}, files=rows)


def g711():
    every = bytes(range(256))
    unpack = lambda data: list(struct.unpack("<256h", data))
    write("g711.json", {"module": "audioop"}, muLaw=unpack(audioop.ulaw2lin(every, 2)), aLaw=unpack(audioop.alaw2lin(every, 2)))


def noise(count):
    """A linear congruential generator that any language can repeat: values of 16 bits over 2^15."""
    state, values = 1, []
    for _ in range(count):
        state = (state * 1103515245 + 12345) % 2**31
        values.append((state // 2**15 - 2**15) / 2**15)
    return np.array(values)


def resample():
    stopband, passband = 105.0, 0.9125
    beta = scipy.signal.kaiser_beta(stopband)
    rows = []
    for up, down, count in [(1, 3, 1500), (10, 11, 600), (10, 9, 600), (20, 19, 600), (2, 1, 300), (160, 441, 1200), (640, 441, 300)]:
        nyquist = min(1, up / down)
        half = math.ceil((stopband - 7.95) / (2.285 * math.pi * (1 - passband) * nyquist) / 2)
        cutoff = (1 + passband) / 2 * nyquist / up
        taps = up * scipy.signal.firwin(2 * half * up + 1, cutoff, window=("kaiser", beta), scale=False)
        length = int(math.floor(count * up / down + 0.5))
        full = scipy.signal.upfirdn(taps, noise(count), up=up, down=1)
        output = full[half * up :: down][:length]
        rows.append({
            "up": up,
            "down": down,
            "samples": count,
            "taps": len(taps),
            "everyTap": (every := max(1, len(taps) // 97)),
            "tapValues": [float(v) for v in taps[::every]],
            "everyOutput": (step := max(1, length // 100)),
            "length": length,
            "outputs": [float(v) for v in output[::step]],
        })
    write("resample.json", {"scipy": scipy.__version__, "numpy": np.__version__}, ratios=rows)


wav()
g711()
resample()
