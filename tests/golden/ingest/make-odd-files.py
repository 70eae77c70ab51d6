"""Writes odd-wavs.json and kinds.json, golden values of packages/ingest.

    python3 make-odd-files.py        # in this folder; Python 3, numpy, soundfile, ffmpeg and sox

odd-wavs.json  WAV files with headers that are rare or wrong, with the mono samples that ffmpeg reads from them; libsndfile
               for the extensible one, of which ffmpeg takes the 24 valid bits for those of Cool Edit's 24.0 float
big-endian.json  AIFF and Sun audio files written by libsndfile and ffmpeg, with the values that libsndfile reads from them
kinds.json     the first bytes of files of formats that are not read here, made by ffmpeg and sox
"""
import base64
import json
import os
import struct
import subprocess
import tempfile

import numpy as np
import soundfile

HERE = os.path.dirname(os.path.abspath(__file__))
VERSION = subprocess.run(["ffmpeg", "-version"], check=True, capture_output=True, text=True).stdout.split()[2]
FOLDER = tempfile.mkdtemp()


def write(name, **content):
    made = {"by": "python3 make-odd-files.py", "ffmpeg": VERSION, "soundfile": soundfile.__version__, "numpy": np.__version__}
    with open(os.path.join(HERE, name), "w") as file:
        file.write(json.dumps({"made": made, **content}, separators=(",", ":")).replace("},", "},\n") + "\n")


def chunk(name, body, size=None):
    return name + struct.pack("<I", len(body) if size is None else size) + body + b"\0" * (len(body) % 2)


def riff(*chunks, size=None):
    body = b"WAVE" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body) if size is None else size) + body


def fmt(bits, width, tag=1, channels=1, align=None, extra=b""):
    align = width * channels if align is None else align
    return chunk(b"fmt ", struct.pack("<HHIIHH", tag, channels, 16000, 16000 * align, align, bits) + extra)


def upper(values, bits, width):
    """Values in -1..1 as integers of so many bits in the upper bits of so many bytes."""
    steps = [int(v * 2 ** (bits - 1)) << (8 * width - bits) for v in values]
    if width == 1:
        return bytes(s + 128 for s in steps)
    return b"".join((s & ((1 << 8 * width) - 1)).to_bytes(width, "little") for s in steps)


def read(path, channels):
    command = ["ffmpeg", "-v", "error", "-i", path, "-f", "f64le", "-c:a", "pcm_f64le", "-"]
    raw = np.frombuffer(subprocess.run(command, check=True, capture_output=True).stdout, "<f8")
    return raw.reshape(-1, channels).mean(axis=1)


def odd_wavs():
    values = list(0.9 * np.sin(np.arange(60)) + 0.05 * np.cos(7 * np.arange(60)))
    pcm = upper(values, 16, 2)
    ext = struct.pack("<HHIH", 22, 24, 4, 1) + bytes.fromhex("000000001000800000aa00389b71")
    files = {
        "4 bits in 8": riff(fmt(4, 1), chunk(b"data", upper(values, 4, 1))),
        "12 bits in 16": riff(fmt(12, 2), chunk(b"data", upper(values, 12, 2))),
        "12 bits in 16 x2": riff(fmt(12, 2, channels=2), chunk(b"data", upper(values, 12, 2))),
        "20 bits in 24": riff(fmt(20, 3), chunk(b"data", upper(values, 20, 3))),
        "28 bits in 32": riff(fmt(28, 4), chunk(b"data", upper(values, 28, 4))),
        "64 bits": riff(fmt(64, 8), chunk(b"data", upper(values, 53, 8))),
        "24 bits in 32, extensible": riff(fmt(32, 4, 0xFFFE, extra=ext), chunk(b"data", upper(values, 24, 4))),
        "24.0 float": riff(fmt(24, 4), chunk(b"data", np.array(values, "<f4").__mul__(2**23).astype("<f4").tobytes())),
        "0 bytes a frame": riff(fmt(16, 2, align=0), chunk(b"data", pcm)),
        "data of size 0": riff(fmt(16, 2), chunk(b"data", pcm, size=0)),
        "data and RIFF of a header alone": riff(fmt(16, 2), chunk(b"data", pcm, size=0), size=36),
        "sizes of 0": riff(fmt(16, 2), chunk(b"data", pcm, size=0), size=0),
        "data size 0xFFFFFFF0": riff(fmt(16, 2), chunk(b"data", pcm, size=0xFFFFFFF0), size=0xFFFFFFFF),
        "data size 0xFFFFFFDB": riff(fmt(16, 2), chunk(b"data", pcm, size=0xFFFFFFDB), size=0xFFFFFFFF),
        "an ID3 tag before": b"ID3\3\0\0\0\0\1\2" + bytes(130) + riff(fmt(16, 2), chunk(b"data", pcm)),
    }
    rows = []
    for name, data in files.items():
        path = os.path.join(FOLDER, "odd.wav")
        with open(path, "wb") as file:
            file.write(data)
        mono = soundfile.read(path)[0] if "extensible" in name else read(path, 2 if "x2" in name else 1)
        rows.append({"name": name, "file": base64.b64encode(data).decode(), "mono": [float(v) for v in mono]})
    write("odd-wavs.json", files=rows)


def big_endian():
    rows = []
    time = np.arange(31) / 16000
    both = np.stack([0.9 * np.sin(2 * np.pi * 700 * time), 0.3 * np.cos(2 * np.pi * 900 * time)], 1)
    for kind, subtypes in [
        ("AIFF", ["PCM_U8", "PCM_S8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ULAW", "ALAW"]),
        ("AU", ["PCM_S8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ULAW", "ALAW"]),
    ]:
        for i, subtype in enumerate(subtypes):
            path = os.path.join(FOLDER, "big-endian")
            sound = both[:, : 1 + i % 2]
            soundfile.write(path, sound, 22050, format=kind, subtype=subtype, endian="BIG" if kind == "AU" else "FILE")
            rows.append(row(f"{kind} {subtype} x{1 + i % 2}", path))
    wav = os.path.join(FOLDER, "source.wav")
    soundfile.write(wav, both, 22050, subtype="PCM_24")
    for codec in ["pcm_s16le", "pcm_s16be", "pcm_s24be", "pcm_f32be"]:
        path = os.path.join(FOLDER, "ffmpeg.aiff")
        subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", wav, "-c:a", codec, "-bitexact", path], check=True)
        rows.append(row(f"ffmpeg {codec}", path))
    write("big-endian.json", files=rows)


def row(name, path):
    values, rate = soundfile.read(path, dtype="float64", always_2d=True)
    with open(path, "rb") as file:
        data = base64.b64encode(file.read()).decode()
    return {"name": name, "rate": rate, "channels": values.shape[1], "file": data, "mono": [float(v) for v in values.mean(1)]}


KINDS = [
    ("AIFF (.aiff)", "a.aiff", []),
    ("AIFF-C (.aifc)", "a.aifc", ["-c:a", "pcm_s16le", "-f", "aiff"]),
    ("Sun audio (.au)", "a.au", []),
    ("Core Audio (.caf)", "a.caf", []),
    ("Sony Wave64 (.w64)", "a.w64", []),
    ("WavPack (.wv)", "a.wv", []),
    ("True Audio (.tta)", "a.tta", []),
    ("AC-3 (.ac3)", "a.ac3", []),
    ("DTS (.dts)", "a.dts", ["-c:a", "dca", "-strict", "-2"]),
    ("Windows Media (.wma)", "a.wma", []),
    ("Windows Media (.wma)", "a.asf", []),
    ("Flash video (.flv)", "a.flv", []),
    ("MPEG transport stream (.ts)", "a.ts", ["-c:a", "mp2"]),
    ("MPEG transport stream (.ts)", "a.m2ts", ["-c:a", "ac3"]),
    ("MPEG program stream (.mpg)", "a.mpg", []),
    ("M4A (.m4a)", "a.m4a", []),
    ("MP4 (.mp4)", "a.mp4", []),
    ("QuickTime (.mov)", "a.mov", []),
    ("3GP (.3gp)", "a.3gp", ["-c:a", "aac"]),
    ("WebM or Matroska (.webm, .mkv)", "a.webm", []),
    ("WebM or Matroska (.webm, .mkv)", "a.mka", []),
    ("AVI video (.avi)", "a.avi", []),
    ("AAC (.aac)", "a.aac", []),
    ("RealMedia (.rm)", "a.rm", []),
    ("Ogg Speex (.spx)", "a.spx", []),
    ("Creative Voice (.voc)", "a.voc", []),
    ("NIST SPHERE (.sph)", "sox.sph", []),
    ("AMR (.amr)", "sox.amr-nb", []),
    ("Amiga sound (.8svx)", "sox.8svx", []),
]


def kinds():
    source = os.path.join(FOLDER, "source.wav")
    tone = ["-f", "lavfi", "-i", "sine=440:d=0.3:r=48000", "-ac", "2"]
    subprocess.run(["ffmpeg", "-v", "error", "-y", *tone, source], check=True)
    rows = []
    for kind, name, options in KINDS:
        path = os.path.join(FOLDER, name)
        if name.startswith("sox"):
            subprocess.run(["sox", source, "-r", "8000", "-c", "1", path], check=True)
        else:
            exact = ["-fflags", "+bitexact", "-flags:a", "+bitexact"]
            subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", source, *options, *exact, path], check=True)
        with open(path, "rb") as file:
            head = file.read(1024 if "ts" in name else 80)
        rows.append({"kind": kind, "name": name, "head": base64.b64encode(head).decode()})
    write("kinds.json", files=rows)


odd_wavs()
big_endian()
kinds()
