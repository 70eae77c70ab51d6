import { utteranceVectorSet } from '@serflow/core'
import { expect, test } from 'vitest'
import { corpus, embeddings } from '../clips.fixture.js'
import { utteranceVectorsStage } from './utterance-vectors.js'

test('each clip keeps its name and place, and its segments become one row that can be stored', async () => {
  const set = embeddings(corpus)
  const [first, ...others] = set.clips
  const three = { data: Float32Array.of(1, 10, 2, 0, 2, 10, 2, 0, 6, 10, 2, 0), shape: [3, 4] }
  const clips = [{ ...first!, startSample: 800, tensor: three }, ...others]
  const done: number[] = []
  const vectors = await utteranceVectorsStage.run(
    { embeddings: { ...set, settings: { layers: 2 }, clips } },
    {},
    { part: { speaker: '01' }, progress: (fraction) => done.push(fraction) },
  )
  expect(vectors).toMatchObject({
    rowShape: [8],
    rowTimes: set.rowTimes,
    settings: { layers: 2 },
  })
  const deviation = Math.fround(Math.sqrt(14 / 3))
  expect(vectors.clips[0]).toEqual({
    ...clips[0],
    tensor: { data: Float32Array.of(3, 10, 2, 0, deviation, 0, 0, 0), shape: [1, 8] },
  })
  // One segment is its own mean, without a deviation.
  expect(vectors.clips.slice(1)).toEqual(
    others.map((clip) => ({
      ...clip,
      tensor: { data: Float32Array.of(...clip.tensor.data, 0, 0, 0, 0), shape: [1, 8] },
    })),
  )
  expect(done.every((fraction) => fraction >= 0 && fraction <= 1)).toBe(true)
  expect(await utteranceVectorSet.decode(await utteranceVectorSet.encode(vectors))).toEqual(vectors)
})

test('a speaker without clips has none', async () => {
  const vectors = await utteranceVectorsStage.run(
    { embeddings: { ...embeddings([]), clips: [] } },
    {},
    { part: {}, progress: () => {} },
  )
  expect(vectors.clips).toEqual([])
})
