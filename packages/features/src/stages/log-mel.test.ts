import {
  InputError,
  sequence,
  type Audio,
  type AudioSet,
  type Clip,
  type ClipTensors,
} from '@serflow/core'
import { expect, test } from 'vitest'
import { logMelChannels } from '../channels.js'
import { logMelConfig } from '../config.js'
import { frameStart } from '../frames.js'
import { frontEndKernel } from '../kernels/choice.js'
import { signal, silence, tone } from '../signals.fixture.js'
import { keptFrames } from '../trim.js'
import { logMelStage } from './log-mel.js'

const config = logMelConfig.parse({ bands: 40 })
const quietContext = { part: { speaker: '01' }, progress: () => undefined }

function clips(sounds: Readonly<Record<string, Audio>>) {
  const all = Object.entries(sounds).map(([clipId, audio]): Clip => {
    const [utteranceId, effects] = clipId.split('#')
    return { clipId, utteranceId: utteranceId!, effects: effects ?? '', audio }
  })
  return { ...sequence(all.length, (index) => all[index]!), rows: all }
}

async function setOf(audio: AudioSet): Promise<ClipTensors> {
  const output = await logMelStage.run({ audio }, config, quietContext)
  return logMelStage.output.decode(await logMelStage.output.encode(output))
}

test('each clip has its tensor, in the order of the clips, and the settings are with them', async () => {
  const audio = clips({ a: signal('voice'), 'a#speed=0.9': signal('chirp'), b: silence(800) })
  const set = await setOf(audio)
  expect(set.rowShape).toEqual([40, 3])
  expect(set.settings).toEqual({ ...config, kernel: frontEndKernel() })
  expect(
    set.clips.map(({ clipId, utteranceId, effects }) => [clipId, utteranceId, effects]),
  ).toEqual([
    ['a', 'a', ''],
    ['a#speed=0.9', 'a', 'speed=0.9'],
    ['b', 'b', ''],
  ])
  expect(set.clips[1]?.tensor).toEqual(logMelChannels(signal('chirp'), config))
})

test('what the stage makes can be stored and read again, and equal input gives equal bytes', async () => {
  const make = async () => {
    const audio = clips({ a: signal('voice'), b: silence(100) })
    return logMelStage.output.encode(await logMelStage.run({ audio }, config, quietContext))
  }
  const bytes = await make()
  expect(await make()).toEqual(bytes)
  const set = await logMelStage.output.decode(bytes)
  expect(set.settings).toEqual({ ...config, kernel: frontEndKernel() })
  expect(set.clips[0]?.tensor).toEqual(logMelChannels(signal('voice'), config))
})

test('a clip does not depend on the clips beside it, nor on their order', async () => {
  const [quiet, loud] = [tone(300, 3), tone(300, 30000)]
  const first = await setOf(clips({ quiet, loud }))
  const second = await setOf(clips({ loud, quiet }))
  const alone = await setOf(clips({ quiet }))
  expect(first.clips[0]).toEqual(alone.clips[0])
  expect(second.clips[1]).toEqual(alone.clips[0])
})

test('progress rises to 1', async () => {
  const fractions: number[] = []
  const context = { part: {}, progress: (fraction: number) => fractions.push(fraction) }
  const audio = clips({ a: silence(400), b: silence(400), c: silence(400), d: silence(400) })
  await logMelStage.output.encode(await logMelStage.run({ audio }, config, context))
  expect(fractions).toEqual([0.25, 0.5, 0.75, 1])
})

test('a speaker without clips gives an empty set', async () => {
  const set = await setOf(clips({}))
  expect(set).toEqual({
    rowShape: [40, 3],
    rowTimes: { sampleRateHz: 16000, hopSamples: 160, windowSamples: 400 },
    settings: { ...config, kernel: frontEndKernel() },
    clips: [],
  })
})

test('a sound that cannot be used is named', async () => {
  const audio = clips({ good: silence(400), bad: silence(0) })
  await expect(setOf(audio)).rejects.toThrow(
    new InputError('clip "bad": sound without samples, expected at least one; leave the clip out'),
  )
})

test('a clip is read when the one before has been written', async () => {
  const events: string[] = []
  const all = clips({ a: silence(400), b: silence(400) })
  async function* told() {
    for await (const clip of all) {
      events.push(`read ${clip.clipId}`)
      yield clip
    }
  }
  const audio = { ...all, [Symbol.asyncIterator]: told }
  const output = await logMelStage.run({ audio }, config, quietContext)
  expect(events).toEqual([])
  for await (const { clipId } of output.clips) events.push(`made ${clipId}`)
  expect(events).toEqual(['read a', 'made a', 'read b', 'made b'])
})

test.each([
  // The first window that reaches beyond sample 16000 is that of frame 98; 5 frames before it are kept.
  ['none', 160 * (100 - 2 - 5)],
  // Frame i is centred at 160·i, with 200 samples on both sides: frame 99 is the first that reaches beyond.
  ['zeros', 160 * (100 - 1 - 5) - 200],
] as const)(
  'where frame 0 begins is known behind the silence, with padding %s',
  async (padding, expected) => {
    const { samples, sampleRateHz } = tone(300, 8000)
    const padded = new Float32Array(16000 + samples.length)
    padded.set(samples, 16000)
    const sound = { samples: padded, sampleRateHz }
    const settings = logMelConfig.parse({ padding })
    const output = await logMelStage.run({ audio: clips({ sound }) }, settings, quietContext)
    const {
      clips: [clip],
    } = await logMelStage.output.decode(await logMelStage.output.encode(output))
    const { start } = keptFrames(sound, settings)
    expect(clip?.startSample).toBe(frameStart(start, settings))
    expect(clip?.startSample).toBe(expected)
  },
)
