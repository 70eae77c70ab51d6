import { execFile } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, expect, test } from 'vitest'
import { projectRoot, sampleWorkspace, type Workspace } from './serflow.fixture.js'

let workspace: Workspace

beforeAll(async () => {
  workspace = await sampleWorkspace()
})

const stagesOf = (nodes: readonly string[]) =>
  [...new Set(nodes.map((node) => node.replace(/\[.*/, '')))].sort()

test('one package after the other runs each node once, as one whole run does', async () => {
  const ingest = await workspace.run('ingest')
  expect(stagesOf(ingest.executed)).toEqual([
    'augmentation',
    'balance',
    'corpus',
    'folds',
    'manifest',
  ])
  expect(ingest.summary).toMatchObject({ failed: 0, report: null })
  const features = await workspace.run('features')
  expect(stagesOf(features.executed)).toEqual(['log-mel'])
  const model = await workspace.run('model')
  expect(stagesOf(model.executed)).toEqual([
    'backbone',
    'embeddings',
    'final-model',
    'history',
    'predictions',
    'ridge',
    'train',
    'utterance-vectors',
  ])
  const evaluate = await workspace.run('evaluate')
  expect(stagesOf(evaluate.executed)).toEqual([
    'all-predictions',
    'report',
    'report-page',
    'scores',
  ])
  expect((await workspace.run()).summary).toMatchObject({ executed: 0 })
})

test('a stage that has nothing before it runs what it needs, and no more', async () => {
  const fresh = await sampleWorkspace(2, 2)
  expect(stagesOf((await fresh.run('log-mel')).executed)).toEqual([
    'augmentation',
    'log-mel',
    'manifest',
  ])
})

test('what a single stage made upstream is remembered, so that tidying keeps it', async () => {
  const fresh = await sampleWorkspace(2, 3)
  expect((await fresh.run('evaluate')).status).toBe(0)
  const { stdout } = await fresh.tidy()
  expect(stdout).toMatch(/^removed 0 files/)
  // Only what the report does not need is left to do.
  const { executed } = await fresh.run()
  expect(executed).toEqual(['final-model', 'train[fold=all,seed=0]'])
})

test('a lost artefact that nobody needs is not made again for a stage behind it', async () => {
  const own = await workspace.copy()
  const lost = await own.artefactPath('log-mel[speaker=02]')
  await rm(lost)
  expect((await own.run('evaluate')).summary).toMatchObject({ executed: 0 })
  expect((await own.run('model')).summary).toMatchObject({ executed: 0 })
  const planned = (await own.plan()).filter(({ status }) => status !== 'cached')
  expect(planned).toEqual([
    { node: 'log-mel[speaker=02]', status: 'run', reasons: ['its result is missing'] },
  ])
  const before = await workspace.contents()
  expect((await own.run()).executed).toEqual(['log-mel[speaker=02]'])
  expect(await own.contents()).toEqual(before)
})

test('a lost artefact is made again where a node that must run reads it', async () => {
  const own = await workspace.copy()
  await rm(await own.artefactPath('log-mel[speaker=02]'))
  const { executed } = await own.run('embeddings', '--set', 'segments.hopFrames=16')
  expect(executed).toEqual([
    'embeddings[speaker=01]',
    'embeddings[speaker=02]',
    'embeddings[speaker=03]',
    'log-mel[speaker=02]',
  ])
})

/** Through nx, as the targets of the packages are called; nx adds lines of its own. */
async function nx(target: string, ...args: readonly string[]) {
  const run = promisify(execFile)
  const options = { cwd: projectRoot, env: { ...process.env, NX_DAEMON: 'false' } }
  const nxCommand = join(projectRoot, 'node_modules/.bin/nx')
  const all = [nxCommand, 'run', target, ...args]
  return run(process.execPath, all, options).catch(
    (error: { stdout: string; stderr: string; code: number }) => error,
  )
}

test.each([
  ['features:run', ['run', 'features']],
  ['pipeline:full', ['run']],
])('nx run %s forwards its arguments, blanks included', async (target, args) => {
  const direct = await workspace.run(...args.slice(1))
  // Of an argument with "=" nx keeps the blanks only where it begins with "--".
  const { stdout } = await nx(target, '--', ...workspace.args('--json', '--set=model.seeds=[ 0 ]'))
  expect(stdout).toContain(direct.stdout)
})

test.each(['ingest', 'features', 'model', 'evaluate'])(
  'the nx target of %s runs the stages of that package, and leaves caching to the runner',
  async (name) => {
    const text = await readFile(join(projectRoot, `packages/${name}/project.json`), 'utf8')
    expect((JSON.parse(text) as { targets: unknown }).targets).toMatchObject({
      run: {
        cache: false,
        options: { command: `node pipelines/bin/serflow.js run ${name}`, forwardAllArgs: true },
      },
    })
  },
)

test('nx run pipeline:plan forwards a setting and says what would run', async () => {
  const args = workspace.args('--set', 'model.train.epochs=3')
  const { stdout } = await nx('pipeline:plan', '--', ...args)
  expect(stdout).toContain('model.train.epochs: 2 -> 3')
})

test('through nx a failure is a failure', async () => {
  const result = await nx('features:run', '--', ...workspace.args('--set', 'features.band=40'))
  expect(result).toMatchObject({ code: 1 })
  expect(result.stderr + result.stdout).toContain('did you mean "bands"?')
})
