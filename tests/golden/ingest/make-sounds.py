"""Makes sounds/ (small compressed files of a synthesised sound) and sounds.json (what ffmpeg decodes from them).

    python3 make-sounds.py        # in this folder; needs numpy, and ffmpeg with libmp3lame, libvorbis and libopus, and flac
"""
import json
import os
import struct
import subprocess
import wave

import numpy as np

here = os.path.dirname(os.path.abspath(__file__))
folder = os.path.join(here, "sounds")
os.makedirs(folder, exist_ok=True)


def sound(rate, channels, seconds=0.35):
    """A sweep with noise, softer and later from channel to channel."""
    time = np.arange(int(rate * seconds)) / rate
    noise = np.random.default_rng(7).standard_normal(time.size)
    first = 0.5 * np.sin(2 * np.pi * (150 + 900 * time) * time) + 0.002 * noise
    return np.stack([np.roll(first, 40 * c) * 0.8**c for c in range(channels)], axis=1)


def write_wav(path, values, rate, bits=16):
    steps = np.clip(np.round(values * 2 ** (bits - 1)), -(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    steps = steps.astype("<i4")
    bytes_ = steps.view("u1").reshape(*steps.shape, 4)[..., : bits // 8].tobytes()
    with wave.open(path, "wb") as file:
        file.setnchannels(values.shape[1])
        file.setsampwidth(bits // 8)
        file.setframerate(rate)
        file.writeframes(bytes_)


def set_gain(path, decibels):
    """Writes the output gain of an Opus header, Q7.8, and the check sum of its page."""
    with open(path, "rb") as file:
        data = bytearray(file.read())
    at = data.index(b"OpusHead") + 16
    data[at : at + 2] = struct.pack("<h", round(decibels * 256))
    page = 27 + data[26] + sum(data[27 : 27 + data[26]])
    data[22:26] = bytes(4)
    total = 0
    for byte in data[:page]:
        total ^= byte << 24
        for _ in range(8):
            total = (total << 1) ^ 0x104C11DB7 if total >> 31 else total << 1
    data[22:26] = struct.pack("<I", total)
    with open(path, "wb") as file:
        file.write(data)


# name, rate, channels, bits, options of ffmpeg
files = [
    ("stereo.flac", 44100, 2, 16, ["-c:a", "flac"]),
    ("wide.flac", 48000, 1, 24, ["-c:a", "flac", "-sample_fmt", "s32"]),
    ("mono.flac", 16000, 1, 16, ["-c:a", "flac"]),
    ("stereo.oga", 44100, 2, 16, ["-c:a", "flac", "-f", "ogg"]),
    ("stereo.mp3", 44100, 2, 16, ["-c:a", "libmp3lame", "-b:a", "96k"]),
    ("mono.mp3", 16000, 1, 16, ["-c:a", "libmp3lame", "-q:a", "4"]),
    ("untagged.mp3", 22050, 1, 16, ["-c:a", "libmp3lame", "-b:a", "48k", "-write_xing", "0", "-id3v2_version", "0"]),
    ("layer2.mp2", 48000, 2, 16, ["-c:a", "mp2", "-b:a", "128k"]),
    ("stereo.ogg", 44100, 2, 16, ["-c:a", "libvorbis", "-q:a", "2"]),
    ("mono.ogg", 16000, 1, 16, ["-c:a", "libvorbis", "-q:a", "2"]),
    ("stereo.opus", 48000, 2, 16, ["-c:a", "libopus", "-b:a", "64k"]),
    ("mono.opus", 16000, 1, 16, ["-c:a", "libopus", "-b:a", "24k"]),
    ("gain.opus", 48000, 1, 16, ["-c:a", "libopus", "-b:a", "24k"]),
    ("six.opus", 48000, 6, 16, ["-c:a", "libopus", "-b:a", "96k", "-mapping_family", "1"]),
]

every = 97
golden = []
for name, rate, channels, bits, options in files:
    source = os.path.join(folder, "source.wav")
    write_wav(source, sound(rate, channels), rate, bits)
    path = os.path.join(folder, name)
    pages = ["-page_duration", "100000"] if name.endswith(("ogg", "oga", "opus")) else []
    exact = ["-metadata_header_padding", "0", "-fflags", "+bitexact", "-flags:a", "+bitexact", "-map_metadata", "-1"]
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", source, *exact, *options, *pages, path], check=True)
    if name == "gain.opus":
        set_gain(path, -7.3)
    # ffmpeg's own Opus decoder is up to 0.01 off the reference decoder, libopus.
    decoder = ["-c:a", "libopus"] if name.endswith(".opus") else []
    decode = ["ffmpeg", "-v", "error", *decoder, "-i", path, "-f", "f32le", "-c:a", "pcm_f32le", "-"]
    raw = np.frombuffer(subprocess.run(decode, check=True, capture_output=True).stdout, "<f4")
    values = raw.reshape(-1, channels)
    mono = values.astype("f8").mean(axis=1).astype("f4")
    probe = ["ffprobe", "-v", "error", "-show_entries", "stream=sample_rate", "-of", "csv=p=0", path]
    golden.append(
        {
            "file": name,
            "sampleRateHz": int(subprocess.run(probe, check=True, capture_output=True).stdout.split()[0]),
            "channels": channels,
            "samples": int(mono.size),
            "sourceSamples": int(rate * 0.35),
            "every": every,
            "values": [float(v) for v in mono[::every]],
        }
    )
os.remove(os.path.join(folder, "source.wav"))

version = subprocess.run(["ffmpeg", "-version"], check=True, capture_output=True, text=True).stdout
with open(os.path.join(here, "sounds.json"), "w") as file:
    json.dump(
        {
            "program": "python3 tests/golden/ingest/make-sounds.py",
            "versions": {"ffmpeg": version.split()[2], "numpy": np.__version__},
            "files": golden,
        },
        file,
    )
