/** A stretch of sound with one setting of the mouth. */
export interface Phoneme {
  /** Resonances in Hz of an adult man: F1, F2, F3. */
  readonly formantsHz: readonly [number, number, number]
  /** Length in seconds at a middle rate of speech. */
  readonly seconds: number
  /** Strength of the voice, 0..1. */
  readonly voice: number
  /** Strength of the noise of a fricative or of a burst, 0..1. */
  readonly noise: number
  /** Centre of that noise in Hz. */
  readonly noiseHz: number
  /** Whether it is the middle of a stressed syllable. */
  readonly stressed: boolean
}

/** The two RAVDESS statements by their codes: "Kids are talking by the door", "Dogs are sitting by the door". */
export function statementPhonemes(statement: string): readonly Phoneme[] {
  const text =
    statement === '01'
      ? "k 'ih d z aa r t 'ao k ih ng b ay dh ah d 'ao r"
      : "d 'ao g z aa r s 'ih t ih ng b ay dh ah d 'ao r"
  return text.split(' ').map((symbol) => {
    const stressed = symbol.startsWith("'")
    const sound = sounds[symbol.replace("'", '')]
    if (!sound) throw new RangeError(`no phoneme "${symbol}"`)
    const [f1, f2, f3, seconds, voice, noise, noiseHz] = sound
    return {
      formantsHz: [f1, f2, f3],
      seconds: stressed ? seconds * 1.35 : seconds,
      voice,
      noise,
      noiseHz,
      stressed,
    }
  })
}

type Sound = readonly [
  f1: number,
  f2: number,
  f3: number,
  seconds: number,
  voice: number,
  noise: number,
  noiseHz: number,
]

/** Vowels after Peterson & Barney 1952 (men); consonants after Klatt 1980, roughly. */
const sounds: Readonly<Record<string, Sound>> = {
  aa: [730, 1090, 2440, 0.08, 1, 0, 0],
  ah: [640, 1190, 2390, 0.055, 0.9, 0, 0],
  ao: [570, 840, 2410, 0.11, 1, 0, 0],
  ay: [600, 1500, 2450, 0.13, 1, 0, 0],
  ih: [390, 1990, 2550, 0.075, 0.95, 0, 0],
  r: [420, 1300, 1600, 0.06, 0.7, 0, 0],
  ng: [280, 2000, 2600, 0.065, 0.4, 0, 0],
  b: [200, 900, 2300, 0.06, 0.12, 0.1, 800],
  d: [200, 1700, 2600, 0.055, 0.12, 0.25, 3800],
  g: [200, 1900, 2300, 0.06, 0.1, 0.25, 2200],
  k: [300, 1900, 2400, 0.085, 0, 0.5, 2400],
  t: [300, 1750, 2600, 0.08, 0, 0.5, 4200],
  dh: [270, 1300, 2500, 0.045, 0.4, 0.12, 5000],
  s: [320, 1500, 2600, 0.1, 0, 0.7, 5600],
  z: [300, 1500, 2600, 0.075, 0.3, 0.45, 5300],
}
