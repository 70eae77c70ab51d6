import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { addRecordings, sampleWorkspace, type PlanRow, type Workspace } from './serflow.fixture.js'

let workspace: Workspace

beforeAll(async () => {
  workspace = await sampleWorkspace()
  expect((await workspace.run()).status).toBe(0)
})

/** What the plan says will run, and for what reason; then the run, which must do just that. */
async function change(own: Workspace, ...args: readonly string[]) {
  const planned = await own.plan(...args)
  const toRun = planned.filter(({ status }) => status !== 'cached')
  const { executed, status, stderr } = await own.run(...args)
  expect(stderr).not.toMatch(/failed:/)
  expect(status).toBe(0)
  expect(executed).toEqual(toRun.map(({ node }) => node).sort())
  const stages = [...new Set(executed.map((node) => node.replace(/\[.*/, '')))].sort()
  return { executed, stages, reasons: reasonsOf(planned) }
}

function reasonsOf(planned: readonly PlanRow[]): Readonly<Record<string, string>> {
  const running = planned.filter(({ status }) => status === 'run')
  return Object.fromEntries(running.map(({ node, reasons }) => [node, reasons.join('; ')]))
}

test('a plan of a finished run has everything cached, and says so in a line', async () => {
  const planned = await workspace.plan()
  expect(planned.every(({ status }) => status === 'cached')).toBe(true)
  const { ended } = workspace.call('plan')
  const { stdout } = await ended
  expect(stdout.trimEnd().split('\n').at(-1)).toBe(
    `${planned.length} cached, 0 to run, 0 wait for these`,
  )
})

test('a plan writes no result', async () => {
  const before = await workspace.contents()
  await workspace.plan('--set', 'features.bands=40')
  expect(await workspace.contents()).toEqual(before)
})

test('a changed setting of the scores runs the scores and the report', async () => {
  const own = await workspace.copy()
  const { executed, reasons } = await change(own, '--set', 'evaluate.scores.confidence=0.9')
  expect(executed).toEqual(['report', 'report-page', 'scores'])
  expect(reasons).toEqual({ scores: 'evaluate.scores.confidence: 0.95 -> 0.9' })
  expect((await own.report()).protocol.confidence).toBe(0.9)
})

test('a changed setting of the training uses embeddings and log-mels again', async () => {
  const own = await workspace.copy()
  const { stages, reasons } = await change(own, '--set', 'model.train.epochs=3')
  expect(stages).toEqual([
    'all-predictions',
    'final-model',
    'history',
    'predictions',
    'report',
    'report-page',
    'scores',
    'train',
  ])
  expect(reasons).toEqual(
    Object.fromEntries(
      ['0', '1', '2', 'all'].map((fold) => [
        `train[fold=${fold},seed=0]`,
        'model.train.epochs: 2 -> 3',
      ]),
    ),
  )
  // And back again: all is still there.
  expect((await own.run()).summary).toMatchObject({ executed: 0 })
})

test('a second seed trains its own heads and keeps the first ones', async () => {
  const own = await workspace.copy()
  const { executed } = await change(own, '--set', 'model.seeds=[0,1]')
  expect(executed.filter((node) => node.startsWith('train'))).toEqual([
    'train[fold=0,seed=1]',
    'train[fold=1,seed=1]',
    'train[fold=2,seed=1]',
  ])
  const { perSeed } = await own.report()
  expect(perSeed.map(({ seed }) => seed)).toEqual([0, 1])
  expect(await own.predictions()).toHaveLength(48)
})

test('a plan names what was set before what follows from it, and cuts a long list', async () => {
  const preset = ['--set', 'features.preset=librosa', '--set', 'features.deltaRadius=3']
  expect(reasonsOf(await workspace.plan(...preset))['log-mel[speaker=01]']).toMatch(
    /^features\.preset: paper -> librosa; features\.deltaRadius: 2 -> 3; features\.\w+: .*; and \d+ more$/,
  )
  const bands = reasonsOf(await workspace.plan('--set', 'features.bands=40'))
  expect(bands['backbone']).toBe('features.bands: 64 -> 40')
  const segments = reasonsOf(await workspace.plan('--set', 'segments.hopFrames=16'))
  expect(segments['embeddings[speaker=01]']).toBe('segments.hopFrames: 32 -> 16')
})

test('a changed front end runs from the log-mels on', async () => {
  const own = await workspace.copy()
  const { stages, reasons } = await change(own, '--set', 'features.preEmphasis=0.9')
  expect(stages).not.toContain('manifest')
  expect(stages).not.toContain('backbone')
  expect(stages).toContain('embeddings')
  expect(reasons['log-mel[speaker=02]']).toBe('features.preEmphasis: 0.97 -> 0.9')
})

test('a new speaker computes its own nodes and what depends on all, nobody else’s', async () => {
  const own = await workspace.copy()
  const names = ['01', '03', '05', '08'].map((code) => `Actor_04/03-01-${code}-01-01-01-04.wav`)
  await addRecordings(own, Object.fromEntries(names.map((name) => [name, null])))
  const { executed, reasons } = await change(own)
  const bySpeaker = executed.filter((node) => node.includes('speaker='))
  expect(bySpeaker).toEqual([
    'augmentation[speaker=04]',
    'embeddings[speaker=04]',
    'log-mel[speaker=04]',
    'manifest[speaker=04]',
    'utterance-vectors[speaker=04]',
  ])
  expect(executed).not.toContain('backbone')
  expect(reasons['manifest[speaker=04]']).toBe('has not run yet')
  expect(reasons.folds).toBe('speakers changed')
  expect(await own.report()).toMatchObject({ speakers: 4, utterances: 28 })
})

test('a speaker who leaves computes nobody’s features', async () => {
  const own = await workspace.copy()
  await addRecordings(own, { 'Actor_04/03-01-03-01-01-01-04.wav': null })
  expect((await own.run()).status).toBe(0)
  const four = await own.report()
  await rm(join(own.recordings, 'Actor_04'), { recursive: true })
  const { executed } = await own.run()
  expect(executed.filter((node) => node.includes('speaker='))).toEqual([])
  expect(await own.report()).toEqual(await workspace.report())
  expect(four.speakers).toBe(4)
})

test('other samples in a recording run its speaker’s nodes and what depends on all', async () => {
  const own = await workspace.copy()
  const path = join(own.recordings, 'Actor_02/03-01-04-01-01-01-02.wav')
  const bytes = await readFile(path)
  // Quieter by half, the same length: size and name say nothing.
  for (let at = 44; at + 1 < bytes.length; at += 2) {
    bytes.writeInt16LE(bytes.readInt16LE(at) >> 1, at)
  }
  await writeFile(path, bytes)
  const { executed, status, stderr } = await own.run()
  expect(stderr).toContain('manifest[speaker=02]: Actor_02/03-01-04-01-01-01-02.wav changed')
  expect(status).toBe(0)
  expect(executed.filter((node) => node.includes('speaker='))).toEqual([
    'augmentation[speaker=02]',
    'embeddings[speaker=02]',
    'log-mel[speaker=02]',
    'manifest[speaker=02]',
    'utterance-vectors[speaker=02]',
  ])
  expect(executed).toContain('train[fold=0,seed=0]')
  // Its own fold is trained on the others.
  expect(executed).toContain('predictions[fold=1,seed=0]')
  const [before, after] = [await workspace.report(), await own.report()]
  expect(after.provenance.inputs.digest).not.toBe(before.provenance.inputs.digest)
})

test('a run that fails half-way is gone on with once it is mended', async () => {
  const own = await workspace.copy()
  const twin = 'Actor_02/03-01-03-01-01-01-02.wav'
  const original = await readFile(join(own.recordings, twin))
  const other = await readFile(join(own.recordings, 'Actor_01/03-01-03-01-01-01-01.wav'))
  await writeFile(join(own.recordings, twin), other)
  const failed = await own.run()
  expect(failed.status).toBe(1)
  expect(failed.stderr).toMatch(/^corpus: failed: ".*" \(speaker 01\) and ".*" \(speaker 02\) are/m)
  expect(failed.stderr).not.toMatch(/^\s+at /m)
  expect(failed.summary).toMatchObject({ failed: 1, report: null })
  await writeFile(join(own.recordings, twin), original)
  const mended = await own.run()
  expect(mended.status).toBe(0)
  expect(mended.executed).toEqual([])
})
