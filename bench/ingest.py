"""ingest.py FOLDER: the peers' reading of its 48 kHz WAV files to 16 kHz float32, one thread, as JSON.

Needs numpy; each of soxr, torchaudio, scipy and the sox command that is there is measured.
"""
import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

try:
    import numpy as np
except ImportError as error:
    print(error)
    sys.exit(3)

everything = sorted(glob.glob(os.path.join(sys.argv[1], "**", "*.wav"), recursive=True))
# Mono alone: a few of the recordings of RAVDESS have two channels.
paths = [path for path in everything if open(path, "rb").read(24)[22] == 1]
files = [open(path, "rb").read() for path in paths]


def decode(data):
    """16-bit samples behind the word `data`, as float32."""
    start = data.index(b"data") + 8
    size = int.from_bytes(data[start - 4 : start], "little") // 2
    return np.frombuffer(data, "<i2", size, start).astype(np.float32) / np.float32(32768)


def timed(work):
    for data in files[:4]:
        work(decode(data))
    samples = 0
    start = time.perf_counter()
    for data in files:
        samples += work(decode(data)).shape[-1]
    return (time.perf_counter() - start) * 1e6 / (samples / 160)


us, missing, about = {}, {}, {"numpy": np.__version__}

try:
    import soxr

    about["soxr"] = soxr.__version__
    us["soxrHq"] = timed(lambda x: soxr.resample(x, 48000, 16000, quality="HQ"))
    us["soxrVhq"] = timed(lambda x: soxr.resample(x, 48000, 16000, quality="VHQ"))
except (ImportError, RuntimeError, OSError) as error:
    missing["soxr"] = str(error)

try:
    import torch

    # No GPU takes part, so wheels for two versions of CUDA are as good.
    torch.version.cuda = None
    import torchaudio

    torch.set_num_threads(1)
    about["torchaudio"] = torchaudio.__version__
    best = dict(
        lowpass_filter_width=64,
        rolloff=0.9475937167399596,
        resampling_method="sinc_interp_kaiser",
        beta=14.769656459379492,
    )
    for name, options in [("torchaudioDefault", {}), ("torchaudioKaiserBest", best)]:
        transform = torchaudio.transforms.Resample(48000, 16000, **options)
        with torch.inference_mode():
            us[name] = timed(lambda x: transform(torch.from_numpy(x)))
except (ImportError, RuntimeError, OSError) as error:
    missing["torchaudio"] = str(error)

try:
    import scipy
    import scipy.signal

    about["scipy"] = scipy.__version__
    us["scipyResamplePoly"] = timed(lambda x: scipy.signal.resample_poly(x, 1, 3))
except (ImportError, RuntimeError, OSError) as error:
    missing["scipy"] = str(error)

if shutil.which("sox"):
    about["sox"] = subprocess.run(["sox", "--version"], capture_output=True, text=True).stdout.strip()
    # One long file, so that starting the program does not count; what is left of that is taken off.
    with tempfile.TemporaryDirectory() as folder:
        whole = os.path.join(folder, "whole.wav")
        subprocess.run(["sox", *paths, "-c", "1", whole], check=True, stderr=subprocess.DEVNULL)
        seconds = sum(len(decode(data)) for data in files) / 48000

        def run(*arguments):
            start = time.perf_counter()
            subprocess.run(["sox", "--single-threaded", *arguments], check=True, stderr=subprocess.DEVNULL)
            return time.perf_counter() - start

        start_up = min(run("-n", "-n", "trim", "0", "0.01") for _ in range(3))
        for name, quality in [("soxHigh", "-h"), ("soxVeryHigh", "-v")]:
            us[name] = (run(whole, "-n", "rate", quality, "16000") - start_up) * 1e6 / (seconds * 100)
else:
    missing["sox"] = "no sox command"

print(json.dumps({"us": us, "missing": missing, "about": about}))
