import { headWeights, random } from '@serflow/core'
import { sampleClip } from '@serflow/ingest'
import { expect, test } from 'vitest'
import {
  addRecordings,
  emptyWorkspace,
  filesBelow,
  sampleWorkspace,
  type Workspace,
} from './serflow.fixture.js'

/** Enough to learn the synthetic emotions; the tiny settings are for speed alone. */
const learning = [
  '--set',
  'model.train={projection: 32, hidden: 16, dense: 16, epochs: 40, batch: 16, learningRate: 0.005}',
]

async function uarOf(workspace: Workspace): Promise<number> {
  const { status, stderr } = await workspace.run(...learning)
  expect(stderr).not.toMatch(/failed:/)
  expect(status).toBe(0)
  return (await workspace.report()).uar.value
}

test('what the labels say is learnt: speakers never heard are recognised far above chance', async () => {
  expect(await uarOf(await sampleWorkspace(4, 24))).toBeGreaterThan(0.35)
})

test('labels that say nothing teach nothing: with names dealt at random the score is chance', async () => {
  const named = await sampleWorkspace(4, 24)
  const shuffled = await emptyWorkspace()
  const paths = (await filesBelow(named.recordings)).map((path) =>
    path.slice(named.recordings.length + 1),
  )
  for (const actor of ['Actor_01', 'Actor_02', 'Actor_03', 'Actor_04']) {
    const own = paths.filter((path) => path.startsWith(actor))
    const dealt = random('permuted labels', actor).shuffle(own)
    const clips = own.map((path, index) => [path, sampleClip(dealt[index]!.slice(-24, -4))])
    await addRecordings(shuffled, Object.fromEntries(clips))
  }
  const uar = await uarOf(shuffled)
  expect(Math.abs(uar - 1 / 8)).toBeLessThan(0.15)
})

test('the same seed gives the same weights in every byte, another seed others', async () => {
  const first = await sampleWorkspace(2, 4)
  const second = await first.copy()
  await first.run('model')
  await second.run('model')
  const model = await first.result('model.onnx')
  expect((await second.result('model.onnx')).equals(model)).toBe(true)
  const head = await first.artefact('train[fold=0,seed=0]', headWeights)
  await second.run('model', '--set', 'model.seeds=[1]')
  expect((await second.result('model.onnx')).equals(model)).toBe(false)
  const other = await second.artefact('train[fold=0,seed=1]', headWeights)
  expect(other.tensors.outputKernel!.data).not.toEqual(head.tensors.outputKernel!.data)
})

test('a training that answers always the same is said aloud, on the console and in the report', async () => {
  const workspace = await emptyWorkspace()
  // Whoever is trained on speaker 01 alone has heard nothing but joy.
  const joy = ['01-01-01', '01-02-01', '01-01-02', '01-02-02', '02-01-01', '02-02-01']
  const own = joy.map((take) => [`Actor_01/03-01-03-${take}-01.wav`, null])
  const other = ['01', '03', '04', '05', '06'].map((code) => [
    `Actor_02/03-01-${code}-01-01-01-02.wav`,
    null,
  ])
  await addRecordings(workspace, Object.fromEntries([...own, ...other]))
  const { status, stderr } = await workspace.run(...learning)
  expect(status).toBe(0)
  expect((await workspace.report()).warnings).toContain(
    'Fold 1 (seed 0) answers happy to all its 5 recordings: its training collapsed.',
  )
  expect(stderr).toMatch(/^warning: Fold 1 .* its training collapsed/m)
})

test('a loss that is not finite is said aloud, with what to do', async () => {
  const workspace = await sampleWorkspace(2, 8)
  const args = ['--set', 'model.train.learningRate=1e30', '--set', 'model.train.batch=4']
  const { status, stderr } = await workspace.run(...args)
  expect(status).toBe(0)
  expect((await workspace.report()).warnings.join('\n')).toMatch(/not finite in epoch 1/)
  expect(stderr).toMatch(/^warning: Fold .* was not finite.* try a lower learning rate/m)
})
