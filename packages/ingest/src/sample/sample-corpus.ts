import { mkdir, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { InputError, random } from '@serflow/core'
import { ravdessEmotions } from '../corpora/ravdess-names.js'
import { encodeWav } from '../wav.js'
import { mannerOf } from './manners.js'
import { statementPhonemes } from './phonemes.js'
import { synthesise, type Voice } from './synthesis.js'

export interface SampleOptions {
  readonly seed?: number
  /** 1 to 24; odd ones are men, even ones women. */
  readonly speakers?: number
  /** 1 to 60; 24 are three of each emotion. */
  readonly clipsPerSpeaker?: number
}

/**
 * Writes the sample corpus: synthetic speech in RAVDESS names, `Actor_01/03-01-01-01-01-01-01.wav` and so on, 16 kHz,
 * 16 bits. The same options give the same bytes. Files that are there already are left alone; each gets its name
 * only when it is whole.
 *
 * @param directory is made where it is missing
 * @throws InputError for options out of range
 */
export async function writeSampleCorpus(
  directory: string,
  options: SampleOptions = {},
): Promise<void> {
  const { seed = 0, speakers = 8, clipsPerSpeaker = 24 } = options
  checkRange('speakers', speakers, 24)
  checkRange('clipsPerSpeaker', clipsPerSpeaker, 60)
  for (let speaker = 1; speaker <= speakers; speaker++) {
    const folder = join(directory, `Actor_${twoDigits(speaker)}`)
    await mkdir(folder, { recursive: true })
    for (const name of clipNames(speaker).slice(0, clipsPerSpeaker)) {
      const path = join(folder, `${name}.wav`)
      if (await exists(path)) continue
      // A leading dot: no listing takes what an interrupted run left for a recording.
      const partial = join(folder, `.${name}.${process.pid}.partial`)
      await writeFile(partial, sampleClip(name, seed))
      await rename(partial, path)
    }
  }
}

/**
 * The bytes of one clip of the sample corpus.
 *
 * @param name in the RAVDESS scheme, without ending
 */
export function sampleClip(name: string, seed = 0): Uint8Array {
  const [, , emotionCode, intensity, statement = '', , speaker = ''] = name.split('-')
  const emotion = ravdessEmotions[Number(emotionCode) - 1] ?? ''
  const { voice, expressiveness, gainDb, tiltDb } = speakerTraits(Number(speaker), seed)
  const draw = random('sample-clip', seed, name)
  const strength = expressiveness * (intensity === '02' ? 1.3 : 0.95)
  const manner = mannerOf(emotion, strength, draw)
  const own = { ...manner, gainDb: manner.gainDb + gainDb, tiltDb: manner.tiltDb + tiltDb }
  return encodeWav(synthesise(statementPhonemes(statement), voice, own, draw))
}

interface Traits {
  readonly voice: Voice
  readonly expressiveness: number
  readonly gainDb: number
  readonly tiltDb: number
}

function speakerTraits(speaker: number, seed: number): Traits {
  const draw = random('sample-speaker', seed, speaker)
  const man = speaker % 2 === 1
  return {
    voice: {
      pitchHz: (man ? 112 : 205) * 2 ** ((2 * draw.normal()) / 12),
      formantScale: (man ? 1 : 1.16) * (1 + 0.03 * draw.normal()),
    },
    expressiveness: 0.85 + 0.3 * draw.uniform(),
    gainDb: 1.5 * draw.normal(),
    tiltDb: 0.5 * draw.normal(),
  }
}

/** All 60 names of a speaker, each emotion in turn; neutral has no strong intensity. */
function clipNames(speaker: number): string[] {
  const takes = [
    '01-01-01',
    '02-02-01',
    '01-02-02',
    '02-01-02',
    '01-01-02',
    '02-02-02',
    '01-02-01',
    '02-01-01',
  ]
  const neutralTakes = ['01-01-01', '01-02-01', '01-02-02', '01-01-02']
  return takes.flatMap((take, round) =>
    ravdessEmotions.flatMap((emotion, index) => {
      const chosen = emotion === 'neutral' ? neutralTakes[round] : take
      return chosen ? [`03-01-${twoDigits(index + 1)}-${chosen}-${twoDigits(speaker)}`] : []
    }),
  )
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

function checkRange(name: string, count: number, highest: number): void {
  if (!Number.isInteger(count) || count < 1 || count > highest) {
    throw new InputError(`sample corpus: ${name} is ${count}, expected 1 to ${highest}`)
  }
}

function twoDigits(code: number): string {
  return String(code).padStart(2, '0')
}
