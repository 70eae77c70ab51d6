import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { corpusSettings } from '@serflow/ingest'
import { fullPipeline, stagesOf } from './full.js'
import { listRecordings } from './recordings.js'
import { openFileDigests } from './runner/file-digests.js'
import { inOrder, sources, type Node } from './runner/graph.js'
import { checkSettings } from './settings.js'

const speakers = ['01', '02', '03', '04']

/** The pipeline of four speakers with a file of two emotions each; nothing of it is read. */
async function pipelineOf(settings: object) {
  const root = await mkdtemp(join(tmpdir(), 'full-'))
  for (const speaker of speakers) {
    await mkdir(join(root, `Actor_${speaker}`))
    for (const emotion of ['03', '05']) {
      const name = `03-01-${emotion}-01-01-01-${speaker}.wav`
      await writeFile(join(root, `Actor_${speaker}`, name), name)
    }
  }
  const digests = await openFileDigests(join(root, 'digests.json'))
  const corpus = corpusSettings.parse({ kind: 'ravdess' })
  const recordings = await listRecordings([{ settings: corpus, root }], digests)
  const checked = checkSettings({ corpus: { kind: 'ravdess' }, ...settings })
  return fullPipeline(recordings, checked, {}, { reader: 'simd', frontEnd: 'simd' })
}

const inputsOf = (node: Node, input: string) => sources(node.inputs[input]!).map(({ name }) => name)
const named = (nodes: readonly Node[], name: string) => nodes.find((node) => node.name === name)!

test('every node is of a known stage, and each is what a result needs', async () => {
  const { nodes, results } = await pipelineOf({})
  const known = Object.values(stagesOf).flat()
  expect([...new Set(nodes.map(({ stage }) => stage))].sort()).toEqual([...known].sort())
  const needed = inOrder(Object.values(results))
  expect(nodes.map(({ name }) => name).sort()).toEqual(needed.map(({ name }) => name).sort())
})

test('ridge reads the utterance vectors of its fold’s speakers, each made from that speaker alone', async () => {
  const { nodes } = await pipelineOf({})
  const vectors = (ids: readonly string[]) => ids.map((id) => `utterance-vectors[speaker=${id}]`)
  for (const [fold, tested] of speakers.entries()) {
    const ridge = named(nodes, `ridge[fold=${fold}]`)
    expect(inputsOf(ridge, 'training')).toEqual(vectors(speakers.filter((id) => id !== tested)))
    expect(inputsOf(ridge, 'test')).toEqual(vectors([tested]))
  }
  for (const id of speakers) {
    const made = named(nodes, `utterance-vectors[speaker=${id}]`)
    expect(inputsOf(made, 'embeddings')).toEqual([`embeddings[speaker=${id}]`])
  }
})

test('a fold’s training never reads its test speakers; the model to use is trained on everybody', async () => {
  const { nodes } = await pipelineOf({ ingest: { folds: { scheme: 'k-speakers', folds: 2 } } })
  const embeddings = (ids: readonly string[]) => ids.map((id) => `embeddings[speaker=${id}]`)
  const tested: string[] = []
  for (const fold of ['0', '1']) {
    const test = inputsOf(named(nodes, `predictions[fold=${fold},seed=0]`), 'embeddings')
    const training = inputsOf(named(nodes, `train[fold=${fold},seed=0]`), 'embeddings')
    expect([...test, ...training].sort()).toEqual(embeddings(speakers))
    tested.push(...test)
  }
  expect(tested.sort()).toEqual(embeddings(speakers))
  const final = named(nodes, 'final-model')
  expect(inputsOf(final, 'head')).toEqual(['train[fold=all,seed=0]'])
  expect(inputsOf(final, 'corpus')).toEqual(['corpus'])
  expect(inputsOf(named(nodes, 'train[fold=all,seed=0]'), 'embeddings')).toEqual(
    embeddings(speakers),
  )
})

test('what ridge trains on is in its settings in full, the usual clips too', async () => {
  const { nodes } = await pipelineOf({ ingest: { augmentation: { speeds: [0.9] } } })
  expect(named(nodes, 'ridge[fold=0]').config).toEqual({
    lambda: 1,
    copies: ['original', 'speed=0.9'],
  })
})
