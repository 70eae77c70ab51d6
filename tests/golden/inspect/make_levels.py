"""Levels of short sounds, by numpy: python3 tests/golden/inspect/make_levels.py > tests/golden/inspect/levels.json"""
import hashlib
import json
import platform

import numpy as np


def facts(channels):
    mono = (channels.astype(np.float64) / 32768).mean(axis=0).astype(np.float32)
    rms = float(np.sqrt(np.mean(mono.astype(np.float64) ** 2)))
    rate = np.array([16000], dtype='<u4').tobytes()
    return {
        'channels': channels.tolist(),
        'rmsDb': 20 * float(np.log10(rms)) if rms > 0 else None,
        'peakDb': 20 * float(np.log10(float(np.abs(mono).max()))) if rms > 0 else None,
        'offset': float(mono.astype(np.float64).mean()),
        'zeroShare': float(np.mean(mono == 0)),
        # zeros at both ends do not count
        'samplesDigest': hashlib.sha256(rate + np.trim_zeros(mono.astype('<f4')).tobytes()).hexdigest() if rms > 0 else None,
        'channelsAlike': bool((channels == channels[0]).all()) if len(channels) > 1 else None,
        'silentChannels': int((channels == 0).all(axis=1).sum()) if len(channels) > 1 else 0,
    }


random = np.random.default_rng(7)
t = np.arange(120) / 16000
sine = np.round(12000 * np.sin(2 * np.pi * 440 * t)).astype(np.int16)
noise = random.integers(-3000, 3000, 120).astype(np.int16)
gaps = np.where(np.arange(120) % 3 == 0, noise, 0).astype(np.int16)
silence = np.zeros(120, dtype=np.int16)
cases = {
    'a sine': np.stack([sine]),
    'noise with an offset': np.stack([noise + 4000]),
    'mostly exact zeros': np.stack([gaps]),
    'silence': np.stack([silence]),
    'two channels alike': np.stack([sine, sine]),
    'one channel silent': np.stack([sine, silence]),
    'three channels': np.stack([sine, noise, gaps]),
}
print(
    json.dumps(
        {
            'program': f'Python {platform.python_version()}, numpy {np.__version__}',
            'command': 'python3 tests/golden/inspect/make_levels.py',
            'cases': {name: facts(channels) for name, channels in cases.items()},
        },
        indent=1,
    )
)
