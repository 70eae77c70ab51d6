"""The peers of frontend-worker.mjs: frontend.py librosa | formula | torchaudio BATCH

The same work from samples to segments [n, 64, 64, 3], us a frame as JSON; one thread by the environment.
"""
import json
import sys
import time

import numpy as np

SECONDS, RATE, HOP, BANDS, SEGMENT, SEGMENT_HOP = 3.7, 16000, 160, 64, 64, 32


def clips():
    rng = np.random.default_rng(0)
    n = np.arange(round(SECONDS * RATE))
    swell = 0.3 * np.sin(np.pi * n / len(n))
    return [
        (swell * (rng.uniform(-0.5, 0.5, len(n)) + np.sin(n / (5 + clip)))).astype(np.float32) for clip in range(80)
    ]


def absent(name, error):
    print(f'no {name}: {error}')
    sys.exit(3)


def report(run, frames, versions):
    start = time.perf_counter()
    while time.perf_counter() - start < 0.7:
        run()
    times = []
    for _ in range(7):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    print(json.dumps({'us': sorted(times)[3] * 1e6 / frames, 'versions': versions}))


def starts_of(frames):
    count = 1 + -(-max(0, frames - SEGMENT) // SEGMENT_HOP)
    return [s * SEGMENT_HOP for s in range(count)]


def segments_of(channels):
    """Three arrays [bands, frames] to [n, 64, 64, 3], the last one padded by its edge."""
    rows = np.ascontiguousarray(np.stack(channels, axis=-1, dtype=np.float32).transpose(1, 0, 2))
    starts = starts_of(len(rows))
    missing = starts[-1] + SEGMENT - len(rows)
    if missing > 0:
        rows = np.concatenate([rows, np.repeat(rows[-1:], missing, axis=0)])
    return np.stack([rows[s:s + SEGMENT] for s in starts])


def by_librosa():
    try:
        import librosa
    except ImportError as error:
        absent('librosa', error)

    def features(y):
        power = librosa.feature.melspectrogram(
            y=y, sr=RATE, n_fft=512, win_length=400, hop_length=HOP, n_mels=BANDS, fmax=8000
        )
        still = librosa.power_to_db(power, top_db=None)
        return segments_of([still, librosa.feature.delta(still), librosa.feature.delta(still, order=2)])

    measure(features, {'librosa': librosa.__version__, 'numpy': np.__version__})


def by_formula():
    """What librosa computes, without its checks and caches: frames by strides, one float32 FFT of all."""
    try:
        import scipy
        from scipy.fft import rfft
        from scipy.signal import get_window, savgol_filter
    except ImportError as error:
        absent('scipy', error)

    window = np.pad(get_window('hann', 400), 56).astype(np.float32)
    bank = slaney_bank()

    def features(y):
        padded = np.pad(y, 256)
        frames = np.lib.stride_tricks.sliding_window_view(padded, 512)[::HOP]
        spectrum = rfft(frames * window, axis=1)
        power = spectrum.real**2 + spectrum.imag**2
        still = 10 * np.log10(np.maximum(bank @ power.T, np.float32(1e-10)))
        slope = savgol_filter(still, 9, 1, deriv=1, mode='interp')
        return segments_of([still, slope, savgol_filter(still, 9, 2, deriv=2, mode='interp')])

    measure(features, {'scipy': scipy.__version__, 'numpy': np.__version__})


def slaney_bank():
    def hz(mel):
        return np.where(mel < 15, 200 * mel / 3, 1000 * np.exp(np.log(6.4) * (mel - 15) / 27))

    edges = hz(np.linspace(0, 15 + 27 * np.log(8) / np.log(6.4), BANDS + 2))[:, None]
    bins = np.arange(257) * RATE / 512
    left, centre, right = edges[:-2], edges[1:-1], edges[2:]
    triangles = np.minimum((bins - left) / (centre - left), (right - bins) / (right - centre))
    return (np.maximum(0, triangles) * 2 / (right - left)).astype(np.float32)


def measure(features, versions):
    all_clips = clips()

    def run():
        for clip in all_clips:
            assert features(clip).shape == (11, SEGMENT, BANDS, 3)

    report(run, 80 * (1 + len(all_clips[0]) // HOP), versions)


def by_torchaudio(batch):
    try:
        import torch

        # torchaudio refuses a PyTorch of another CUDA; nothing here runs on one.
        torch.version.cuda = None
        import torchaudio
    except (ImportError, OSError, RuntimeError) as error:
        absent('torchaudio', error)

    torch.set_num_threads(1)
    spectrogram = torchaudio.transforms.MelSpectrogram(RATE, n_fft=512, win_length=400, hop_length=HOP, n_mels=BANDS)
    deltas = torchaudio.transforms.ComputeDeltas(win_length=5)
    waves = torch.from_numpy(np.stack(clips()))

    def features(waves):
        still = torch.log(spectrogram(waves) + 1e-6)
        slope = deltas(still)
        rows = torch.stack([still, slope, deltas(slope)], -1).transpose(1, 2)
        starts = starts_of(rows.shape[1])
        missing = starts[-1] + SEGMENT - rows.shape[1]
        if missing > 0:
            rows = torch.cat([rows, rows[:, -1:].expand(-1, missing, -1, -1)], 1)
        return torch.stack([rows[:, s:s + SEGMENT] for s in starts], 1)

    def run():
        with torch.inference_mode():
            for start in range(0, len(waves), batch):
                assert features(waves[start:start + batch]).shape[1:] == (11, SEGMENT, BANDS, 3)

    versions = {'torch': torch.__version__, 'torchaudio': torchaudio.__version__}
    report(run, len(waves) * (1 + waves.shape[1] // HOP), versions)


what = sys.argv[1]
if what == 'torchaudio':
    by_torchaudio(int(sys.argv[2]))
else:
    {'librosa': by_librosa, 'formula': by_formula}[what]()
