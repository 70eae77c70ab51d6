import { tableFromIPC, tableToIPC } from 'apache-arrow'
import fc from 'fast-check'
import { parquetReadObjects } from 'hyparquet'
import { expect, test } from 'vitest'
import {
  balanceTable,
  embeddingSet,
  headWeights,
  logMelSet,
  predictionsTable,
} from './artefacts.js'
import type { ClipTensor, ClipTensors } from './tensor-sets.js'

const rowTimes = { sampleRateHz: 22050, hopSamples: 220, windowSamples: 551 }
const clip = (clipId: string, rows: number, rowShape: number[], start: number) => ({
  clipId,
  utteranceId: clipId.split('#')[0]!,
  effects: clipId.includes('#') ? 'speed=0.9' : '',
  startSample: start * 7,
  tensor: {
    data: Float32Array.from(
      { length: rows * rowShape.reduce((a, b) => a * b, 1) },
      (_, i) => start + i / 7,
    ),
    shape: [rows, ...rowShape],
  },
})

test('a table comes back as it was, nulls included, and reads in an independent reader', async () => {
  const rows = [
    { fold: 0, emotion: 'größe', utterances: 7, weight: 0.25, draws: 7 },
    { fold: null, emotion: 'calm', utterances: 0, weight: 0, draws: 0 },
  ]
  const bytes = await balanceTable.encode(rows)
  expect(await balanceTable.decode(bytes)).toEqual(rows)
  const buffer = bytes.buffer.slice(
    bytes.byteOffset,
    bytes.byteOffset + bytes.byteLength,
  ) as ArrayBuffer
  const other = await parquetReadObjects({ file: buffer })
  expect(other.map((row) => ({ ...row, fold: row.fold ?? null }))).toEqual(rows)
})

test('equal tables are equal bytes', async () => {
  const rows = Array.from({ length: 500 }, (_, i) => ({
    fold: i % 7,
    emotion: `e${i % 3}`,
    utterances: i,
    weight: i / 3,
    draws: i,
  }))
  expect(
    Buffer.from(await balanceTable.encode(rows)).equals(
      Buffer.from(await balanceTable.encode(rows)),
    ),
  ).toBe(true)
})

test('an empty table keeps its columns', async () => {
  expect(await balanceTable.decode(await balanceTable.encode([]))).toEqual([])
})

test('a value that does not fit is refused with its place, not truncated', async () => {
  const row = { fold: 1.5, emotion: 'a', utterances: 1, weight: 1, draws: 1 }
  await expect(balanceTable.encode([row])).rejects.toThrow(
    /balance, row 0, column "fold": 1.5 is no integer/,
  )
  await expect(balanceTable.encode([{ ...row, fold: 1, weight: NaN }])).rejects.toThrow(
    /"weight": NaN/,
  )
  const unknown = { ...row, fold: 1, stray: 1 }
  await expect(balanceTable.encode([unknown])).rejects.toThrow(/unknown column "stray"/)
})

test('predictions carry a column a class', async () => {
  const row = {
    utteranceId: 'u',
    speakerId: '01',
    fold: 0,
    seed: null,
    truth: 'sad',
    prediction: 'sad',
    p_calm: 0.25,
    p_sad: 0.75,
  }
  expect(await predictionsTable.decode(await predictionsTable.encode([row]))).toEqual([row])
})

test.each([
  ['log-mels', logMelSet, [5, 3]],
  ['embeddings', embeddingSet, [11]],
] as const)('%s come back as they were, as views of the bytes', async (_name, type, rowShape) => {
  const shape = [...rowShape]
  const set: ClipTensors = {
    rowShape: shape,
    rowTimes,
    settings: { bands: 5, word: 'Ω' },
    clips: [clip('a', 4, shape, 0), clip('a#speed=0.9', 1, shape, 100), clip('b', 9, shape, -5)],
  }
  const bytes = await type.encode(set)
  const back = await type.decode(bytes)
  expect(back).toEqual(set)
  const again = await type.encode(set)
  expect(Buffer.from(again).equals(Buffer.from(bytes))).toBe(true)
})

test('clip tensors of any sizes survive, none at all included', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 5 }), async (sizes) => {
      const set: ClipTensors = {
        rowShape: [3, 2],
        rowTimes,
        settings: null,
        clips: sizes.map((rows, i) => clip(`c${i}`, rows, [3, 2], i)),
      }
      expect(await logMelSet.decode(await logMelSet.encode(set))).toEqual(set)
    }),
    { numRuns: 25 },
  )
})

test('pieces are the bytes of the whole, and of a stream; a clip is asked for when the one before is written', async () => {
  const shape = [100, 3]
  const clips = [clip('a', 90, shape, 0), clip('b', 1, shape, 5), clip('c', 200, shape, -5)]
  const set: ClipTensors = { rowShape: shape, rowTimes, settings: null, clips }
  const events: string[] = []
  async function* made() {
    for (const each of clips) {
      events.push(each.clipId)
      yield each
    }
  }
  const pieces: Uint8Array[] = []
  for await (const piece of logMelSet.pieces({ ...set, rows: clips, clips: made() })) {
    events.push('piece')
    pieces.push(piece)
  }
  // The values of b are few and go with what is around them; the last piece is the footer.
  expect(events.join(' ')).toBe('a piece piece b piece c piece piece piece')
  const whole = Buffer.from(await logMelSet.encode(set))
  expect(Buffer.concat(pieces).equals(whole)).toBe(true)
  expect(whole.equals(tableToIPC(tableFromIPC(whole), 'file'))).toBe(true)
})

test('a stream that brings other clips than it names is refused', async () => {
  const rows = [clip('a', 1, [3], 0), clip('b', 1, [3], 0)]
  async function* only(...clips: ClipTensor[]) {
    yield* clips
  }
  const header = { rowShape: [3], rowTimes, settings: null, rows }
  const few = logMelSet.encode({ ...header, clips: only(rows[0]!) })
  await expect(few).rejects.toThrow('clip b was named and never came')
  const other = logMelSet.encode({ ...header, clips: only(rows[1]!, rows[0]!) })
  await expect(other).rejects.toThrow('clip b comes where a was named')
  const more = logMelSet.encode({ ...header, rows: rows.slice(0, 1), clips: only(...rows) })
  await expect(more).rejects.toThrow('clip b comes where none was named')
})

test('each row has its number and the second at which it begins', async () => {
  const late = { ...clip('late', 3, [2], 0), startSample: 2200 }
  const early = { ...clip('early', 2, [2], 0), startSample: -256 }
  const set: ClipTensors = { rowShape: [2], rowTimes, settings: null, clips: [late, early] }
  const table = tableFromIPC(await logMelSet.encode(set))
  expect(table.getChild('frame')?.toArray()).toEqual(Int32Array.of(0, 1, 2, 0, 1))
  expect(table.getChild('startSeconds')?.toArray()).toEqual(
    Float64Array.of(2200, 2420, 2640, -256, -36).map((sample) => sample / 22050),
  )
  expect(JSON.parse(table.schema.metadata.get('rowTimes')!)).toEqual(rowTimes)
  const embedded = tableFromIPC(await embeddingSet.encode(set))
  expect(embedded.getChild('segment')?.toArray()).toEqual(Int32Array.of(0, 1, 2, 0, 1))
})

test('a tensor that does not fit its row shape is refused by name', async () => {
  const set: ClipTensors = {
    rowShape: [3],
    rowTimes,
    settings: null,
    clips: [clip('odd', 2, [4], 0)],
  }
  await expect(logMelSet.encode(set)).rejects.toThrow(
    /clip odd has shape \[2, 4\], expected \[any, 3\]/,
  )
})

test('weights come back with names, shapes and settings', async () => {
  const weights = {
    tensors: {
      kernel: { data: Float32Array.from([1, 2, 3, 4, 5, 6]), shape: [2, 3] },
      bias: { data: Float32Array.from([-1]), shape: [1] },
      scale: { data: Float32Array.from([7]), shape: [] },
    },
    settings: { classes: ['b', 'a'] },
  }
  const bytes = await headWeights.encode(weights)
  expect(await headWeights.decode(bytes)).toEqual(weights)
})
