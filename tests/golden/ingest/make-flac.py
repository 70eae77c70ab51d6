"""Makes flac/ (small FLAC files of every kind of coding) and flac.json (what the program flac decodes from them).

    python3 make-flac.py        # in this folder; needs numpy and flac 1.4 or later
"""
import hashlib
import json
import os
import struct
import subprocess

import numpy as np

here = os.path.dirname(os.path.abspath(__file__))
folder = os.path.join(here, "flac")
os.makedirs(folder, exist_ok=True)


def sweep(rate, channels, samples):
    """A sweep with noise, softer and later from channel to channel."""
    time = np.arange(samples) / rate
    noise = np.random.default_rng(7).standard_normal(samples)
    first = 0.5 * np.sin(2 * np.pi * (150 + 900 * time) * time) + 0.002 * noise
    return np.stack([np.roll(first, 40 * c) * 0.8**c for c in range(channels)], axis=1)


def noise(rate, channels, samples):
    return np.random.default_rng(9).uniform(-1, 1, (samples, channels))


def silence(rate, channels, samples):
    return np.zeros((samples, channels))


def alike(rate, channels, samples):
    """Channels that differ little, loud: the side is small, its parity is not."""
    first = 1.9 * sweep(rate, 1, samples)
    return np.clip(np.concatenate([first, first + 1e-4 * noise(rate, 1, samples)], axis=1), -1, 1)


def wav(values, rate, bits, container):
    """WAVE_FORMAT_EXTENSIBLE, whose samples stand in the upper bits of whole bytes."""
    channels = values.shape[1]
    steps = (values << (container - bits)) + (128 if container == 8 else 0)
    data = steps.astype("<i8").view("u1").reshape(*values.shape, 8)[..., : container // 8].tobytes()
    frame = channels * container // 8
    guid = bytes.fromhex("0100000000001000800000aa00389b71")
    mask = {1: 4, 2: 3, 8: 0x63F}[channels]
    fmt = struct.pack("<HHIIHHHHI", 0xFFFE, channels, rate, rate * frame, frame, container, 22, bits, mask) + guid
    chunks = b"fmt " + struct.pack("<I", len(fmt)) + fmt + b"data" + struct.pack("<I", len(data)) + data
    pad = b"\0" * (len(data) % 2)
    return b"RIFF" + struct.pack("<I", 4 + len(chunks) + len(pad)) + b"WAVE" + chunks + pad


# name, sound, rate, channels, bits, samples, options of flac, lowest bits that are 0
files = [
    ("bits8", sweep, 16000, 1, 8, 1500, ["-8"], 0),
    ("bits12", sweep, 16000, 1, 12, 1500, ["-8"], 0),
    ("bits20", sweep, 96000, 2, 20, 1500, ["-8"], 0),
    ("bits24", sweep, 48000, 2, 24, 1500, ["-8", "-m"], 0),
    ("bits32", sweep, 48000, 1, 32, 1500, ["-8"], 0),
    ("bits32-stereo", alike, 44100, 2, 32, 1500, ["-8", "-m"], 0),
    ("bits32-noise", noise, 44100, 2, 32, 400, ["-8", "-m"], 0),
    ("wasted", sweep, 16000, 1, 24, 1500, ["-8"], 9),
    ("fixed", sweep, 22050, 1, 16, 1500, ["-l", "0", "-b", "192"], 0),
    ("order32", sweep, 192000, 1, 16, 3000, ["-l", "32", "--lax", "-q", "15", "-b", "1024"], 0),
    ("noise", noise, 16000, 1, 16, 700, ["-0"], 0),
    ("silence", silence, 16000, 2, 16, 3000, ["-5"], 0),
    ("alike", alike, 44100, 2, 16, 3000, ["-8", "-m", "-b", "576"], 0),
    ("eight", sweep, 32000, 8, 16, 600, ["-8"], 0),
    ("odd-rate", sweep, 12345, 1, 16, 700, ["-5", "--lax", "-b", "333"], 0),
    ("blocks", sweep, 16000, 1, 16, 6000, ["-5", "-b", "256"], 0),
]

golden = []
for name, sound, rate, channels, bits, samples, options, wasted in files:
    full = 2 ** (bits - 1)
    values = np.clip(np.round(sound(rate, channels, samples) * full), -full, full - 1).astype("i8")
    values = values >> wasted << wasted
    container = 8 * ((bits + 7) // 8)
    path = os.path.join(folder, f"{name}.flac")
    common = ["flac", "-s", "-f", "--no-padding", "--no-seektable", *options, "-o", path, "-"]
    subprocess.run(common, input=wav(values, rate, bits, container), check=True)
    decode = ["flac", "-s", "-d", "-c", path]
    out = subprocess.run(decode, check=True, capture_output=True).stdout
    width = container // 8
    bytes_ = np.frombuffer(out, "u1", samples * channels * width, out.index(b"data") + 8)
    bytes_ = bytes_.reshape(-1, channels, width)
    decoded = np.zeros(bytes_.shape[:2], "i8")
    for i in range(width):
        decoded += bytes_[..., i].astype("i8") << (8 * i)
    if container == 8:
        decoded -= 128
    decoded -= (decoded >= 2 ** (container - 1)).astype("i8") * 2**container
    decoded >>= container - bits
    assert (decoded == values).all(), name
    # Each channel is float32, their mean is taken in float64.
    mono = ((decoded / full).astype("<f4").astype("<f8").sum(axis=1) / channels).astype("<f4")
    golden.append(
        {
            "file": f"{name}.flac",
            "bits": bits,
            "sampleRateHz": rate,
            "channels": channels,
            "samples": samples,
            "sha256": hashlib.sha256(mono.tobytes()).hexdigest(),
        }
    )

version = subprocess.run(["flac", "--version"], check=True, capture_output=True, text=True).stdout.split()[1]
with open(os.path.join(here, "flac.json"), "w") as file:
    json.dump(
        {
            "program": "python3 tests/golden/ingest/make-flac.py",
            "versions": {"flac": version, "numpy": np.__version__},
            "files": golden,
        },
        file,
        indent=1,
    )
