/** Names of settings that belong together; each setting can still be given beside one. */
export const presetNames = ['paper', 'librosa', 'seed'] as const
export type PresetName = (typeof presetNames)[number]

/**
 * What each preset sets; the settings it does not name have the defaults of the schema, which are those of `paper`.
 *
 * `librosa`: librosa.feature.melspectrogram at 16 kHz with a 25 ms window in an FFT of 512, power_to_db without top_db,
 * and librosa.feature.delta of width 9 of order 1 and 2.
 *
 * `seed`: the public TensorFlow re-implementation of the paper's method, but for its slope x[t] − x[t + 1], which has
 * the sign reversed, wraps around at the last frame and lies half a frame off; here it is (x[t + 1] − x[t − 1])/2. Its
 * hop is 220 samples of 22 050 Hz.
 */
export const presets = {
  paper: {},
  librosa: {
    preEmphasis: 0,
    padding: 'zeros',
    window: 'hann',
    lowHz: 0,
    melScale: 'slaney',
    melNorm: 'area',
    log: 'dB',
    floor: 1e-10,
    slopes: 'savgol',
    deltaRadius: 4,
    trimDb: null,
  },
  seed: {
    sampleRateHz: 22050,
    hopMs: 9.9773,
    fftSize: 1024,
    windowPeriod: 'symmetric',
    spectrum: 'magnitude',
    melSides: 'mel',
    floor: 1e-6,
    deltaRadius: 1,
    trimDb: null,
  },
} as const satisfies Record<PresetName, object>

/** Settings with those of their preset behind them; what is no object or has no known preset is left as it is. */
export function withPreset(given: unknown): unknown {
  if (typeof given !== 'object' || given === null || !('preset' in given)) return given
  const name = presetNames.find((each) => each === given.preset)
  return name ? { ...presets[name], ...given } : given
}
