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
import type { ClipTensors } from './tensor-sets.js'

const clip = (clipId: string, rows: number, rowShape: number[], start: number) => ({
  clipId,
  utteranceId: clipId.split('#')[0]!,
  effects: clipId.includes('#') ? 'speed=0.9' : '',
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
    { fold: 0, emotion: 'größe', utterances: 7, weight: 0.25 },
    { fold: null, emotion: 'calm', utterances: 0, weight: 0 },
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
  const row = { fold: 1.5, emotion: 'a', utterances: 1, weight: 1 }
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
        settings: null,
        clips: sizes.map((rows, i) => clip(`c${i}`, rows, [3, 2], i)),
      }
      expect(await logMelSet.decode(await logMelSet.encode(set))).toEqual(set)
    }),
    { numRuns: 25 },
  )
})

test('a tensor that does not fit its row shape is refused by name', async () => {
  const set: ClipTensors = { rowShape: [3], settings: null, clips: [clip('odd', 2, [4], 0)] }
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
