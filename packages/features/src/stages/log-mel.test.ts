import { InputError, sequence, type Audio, type Clip } from '@serflow/core'
import { expect, test } from 'vitest'
import { logMelChannels } from '../channels.js'
import { logMelConfig } from '../config.js'
import { signal, silence, tone } from '../signals.fixture.js'
import { logMelStage } from './log-mel.js'

const config = logMelConfig.parse({ bands: 40 })
const quietContext = { part: { speaker: '01' }, progress: () => undefined }

function clips(sounds: Readonly<Record<string, Audio>>) {
  const all = Object.entries(sounds).map(([clipId, audio]): Clip => {
    const [utteranceId, effects] = clipId.split('#')
    return { clipId, utteranceId: utteranceId!, effects: effects ?? '', audio }
  })
  return sequence(all.length, (index) => all[index]!)
}

test('each clip has its tensor, in the order of the clips, and the settings are with them', async () => {
  const audio = clips({ a: signal('voice'), 'a#speed=0.9': signal('chirp'), b: silence(800) })
  const set = await logMelStage.run({ audio }, config, quietContext)
  expect(set.rowShape).toEqual([40, 3])
  expect(set.settings).toEqual(config)
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
  expect(set.settings).toEqual(config)
  expect(set.clips[0]?.tensor).toEqual(logMelChannels(signal('voice'), config))
})

test('a clip does not depend on the clips beside it, nor on their order', async () => {
  const [quiet, loud] = [tone(300, 3), tone(300, 30000)]
  const first = await logMelStage.run({ audio: clips({ quiet, loud }) }, config, quietContext)
  const second = await logMelStage.run({ audio: clips({ loud, quiet }) }, config, quietContext)
  const alone = await logMelStage.run({ audio: clips({ quiet }) }, config, quietContext)
  expect(first.clips[0]).toEqual(alone.clips[0])
  expect(second.clips[1]).toEqual(alone.clips[0])
})

test('progress rises to 1', async () => {
  const fractions: number[] = []
  const context = { part: {}, progress: (fraction: number) => fractions.push(fraction) }
  const audio = clips({ a: silence(400), b: silence(400), c: silence(400), d: silence(400) })
  await logMelStage.run({ audio }, config, context)
  expect(fractions).toEqual([0.25, 0.5, 0.75, 1])
})

test('a speaker without clips gives an empty set', async () => {
  const set = await logMelStage.run({ audio: clips({}) }, config, quietContext)
  expect(set).toEqual({ rowShape: [40, 3], settings: config, clips: [] })
})

test('a sound that cannot be used is named', async () => {
  const audio = clips({ good: silence(400), bad: silence(0) })
  await expect(logMelStage.run({ audio }, config, quietContext)).rejects.toThrow(
    new InputError('clip "bad": sound without samples, expected at least one; leave the clip out'),
  )
})
