"""Golden values of the front end from librosa, torchaudio and tf.signal, each called as it comes, in float64.

    SERFLOW_RAVDESS=folder python3 tests/golden/features/make_presets.py

writes presets.json, of three made signals, and ravdess.json, of a few frames of three recordings at 16 kHz, beside
this file. The folder holds Actor_NN/*.wav; without it ravdess.json stays as it is.
"""

import hashlib
import json
import os
import pathlib
import platform
import sys

import librosa
import numpy
import scipy.io.wavfile
import tensorflow
import torch

# torchaudio refuses a PyTorch of another CUDA; nothing here runs on one.
torch.version.cuda = None
import torchaudio  # noqa: E402

# Else the triangles are made in float32, whose thin ends that takes digits from.
torch.set_default_dtype(torch.float64)

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from make import SIGNALS, samples  # noqa: E402

HERE = pathlib.Path(__file__).parent
CLIPS = [
    "Actor_01/03-01-01-01-01-01-01.wav",
    "Actor_08/03-01-06-02-02-01-08.wav",
    "Actor_24/03-01-05-02-01-02-24.wav",
]


def by_librosa(x):
    """Frames centred, zeros outside; Slaney's bands of equal area; dB without top_db; fits of 9 frames."""
    power = librosa.feature.melspectrogram(
        y=x, sr=16000, n_fft=512, win_length=400, hop_length=160, n_mels=64, fmax=8000, dtype=numpy.float64
    )
    still = librosa.power_to_db(power, top_db=None)
    return still, librosa.feature.delta(still), librosa.feature.delta(still, order=2)


def by_torchaudio(x):
    """Frames centred, the sound mirrored outside; HTK's bands."""
    spectrogram = torchaudio.transforms.MelSpectrogram(
        sample_rate=16000, n_fft=512, win_length=400, hop_length=160, n_mels=64
    )
    still = torch.log(spectrogram(torch.from_numpy(x)) + 1e-6)
    deltas = torchaudio.transforms.ComputeDeltas(win_length=5)
    slope = deltas(still)
    return still.numpy(), slope.numpy(), deltas(slope).numpy()


def by_tensorflow(x):
    """Frames where they stand; magnitudes; triangles straight in mel. Samples are taken to be at 22 050 Hz.

    The slope is the mended one: half the difference of the next and the last frame, edges repeated.
    """
    y = x - 0.97 * numpy.concatenate([x[:1], x[:-1]])
    magnitudes = tensorflow.abs(
        tensorflow.signal.stft(
            tensorflow.constant(y), 551, 220, window_fn=tensorflow.signal.hamming_window, pad_end=False
        )
    )
    bank = tensorflow.signal.linear_to_mel_weight_matrix(64, 513, 22050, 20.0, 8000.0, tensorflow.float64)
    still = numpy.log(tensorflow.matmul(magnitudes, bank).numpy() + 1e-6).T

    def half_difference(rows):
        edges = numpy.pad(rows, ((0, 0), (1, 1)), mode="edge")
        return (edges[:, 2:] - edges[:, :-2]) / 2

    slope = half_difference(still)
    return still, slope, half_difference(slope)


CONVENTIONS = [
    ("librosa", 16000, {"preset": "librosa"}, by_librosa),
    (
        "torchaudio",
        16000,
        {"preEmphasis": 0, "padding": "reflect", "window": "hann", "lowHz": 0, "floor": 1e-6, "trimDb": None},
        by_torchaudio,
    ),
    ("tensorflow", 22050, {"preset": "seed"}, by_tensorflow),
]


def case(sound, x, chosen_of, convention):
    program, rate, settings, compute = convention
    channels = compute(x)
    frames = channels[0].shape[1]
    chosen = chosen_of(frames)

    def rows(values):
        return [[round(float(v), 5) for v in values[:, frame]] for frame in chosen]

    return {
        "program": program,
        **sound,
        "settings": settings,
        "sampleRateHz": rate,
        "frames": frames,
        "chosen": chosen,
        **dict(zip(("static", "delta", "deltaDelta"), map(rows, channels))),
    }


def made(convention):
    rate = convention[1]
    for name in SIGNALS:
        yield case({"signal": name}, samples(name, rate), lambda n: [0, 1, n // 2, n - 1], convention)


def recorded(folder, convention):
    for name in CLIPS:
        rate, integers = scipy.io.wavfile.read(pathlib.Path(folder) / name)
        assert rate == 16000 and integers.dtype == numpy.int16, name
        digest = hashlib.sha256(integers.tobytes()).hexdigest()
        sound = {"clip": name, "samplesSha256": digest}
        yield case(sound, integers / 32768.0, lambda n: [n // 2, n - 1], convention)


def write(name, cases):
    versions = {
        "librosa": librosa.__version__,
        "torch": torch.__version__,
        "torchaudio": torchaudio.__version__,
        "tensorflow": tensorflow.__version__,
        "numpy": numpy.__version__,
        "python": platform.python_version(),
    }
    command = "python3 tests/golden/features/make_presets.py"
    text = json.dumps({"versions": versions, "command": command, "cases": cases}, separators=(",", ":"))
    for key in ('{"program"', '"static"', '"delta"', '"deltaDelta"'):
        text = text.replace(key, "\n" + key)
    (HERE / name).write_text(text + "\n")


write("presets.json", [each for convention in CONVENTIONS for each in made(convention)])
if "SERFLOW_RAVDESS" in os.environ:
    folder = os.environ["SERFLOW_RAVDESS"]
    write("ravdess.json", [each for convention in CONVENTIONS for each in recorded(folder, convention)])
