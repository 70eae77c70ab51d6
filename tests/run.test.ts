import { readFile, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { canonicalJson, sha256 } from '@serflow/core'
import { beforeAll, expect, test } from 'vitest'
import {
  filesBelow,
  sampleWorkspace,
  serflow,
  type Outcome,
  type Workspace,
} from './serflow.fixture.js'

let workspace: Workspace
let first: Outcome

beforeAll(async () => {
  workspace = await sampleWorkspace()
  first = await workspace.run()
})

test('a first run executes every node and says where its report is', async () => {
  expect(first.stderr).not.toMatch(/failed:/)
  expect(first.status).toBe(0)
  const nodes = (await workspace.plan()).map(({ node }) => node)
  expect(first.executed).toEqual([...nodes].sort())
  expect(first.summary).toEqual({
    executed: nodes.length,
    cached: 0,
    failed: 0,
    report: join(workspace.folder, 'runs/tiny/report.json'),
  })
})

test('standard output holds the summary alone', () => {
  expect(first.stdout.split('\n')).toHaveLength(2)
  expect(first.stdout.endsWith('\n')).toBe(true)
})

test('the same command again executes nothing and writes nothing', async () => {
  const before = await workspace.contents()
  const environment = await workspace.result('environment.json')
  const again = await workspace.run()
  expect(again.status).toBe(0)
  expect(again.summary).toMatchObject({ executed: 0, cached: first.executed.length, failed: 0 })
  expect(await workspace.contents()).toEqual(before)
  expect(await workspace.result('environment.json')).toEqual(environment)
})

test('report.json follows its schema, and its digest is that of its canonical JSON', async () => {
  const report = await workspace.report()
  expect(report).toMatchObject({ utterances: 24, speakers: 3, skipped: [], synthetic: false })
  expect(report.perFold).toHaveLength(3)
  const { digest, ...rest } = report
  expect(sha256(canonicalJson(rest))).toBe(digest)
})

test('predictions.parquet has each utterance once, tested in the fold of its speaker', async () => {
  const rows = await workspace.predictions()
  const names = (await filesBelow(workspace.recordings)).map((path) => path.slice(-24, -4))
  expect(rows.map((row) => row.utteranceId).sort()).toEqual([...names].sort())
  for (const row of rows) {
    expect(row.speakerId).toBe(row.utteranceId.slice(-2))
    expect(row.fold).toBe(Number(row.speakerId) - 1)
    const { classes } = await workspace.report()
    const probabilities = classes.map((name) => row[`p_${name}`]!)
    expect(row.prediction).toBe(classes[probabilities.indexOf(Math.max(...probabilities))])
    expect(probabilities.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 6)
  }
})

test('report.html is a page that stands alone', async () => {
  const page = (await workspace.result('report.html')).toString()
  expect(page).toMatch(/^<!doctype html>/i)
  expect(page).not.toMatch(/<(script|link|img)[^>]+(src|href)=/)
  expect(page).toMatch(/reading sound (wasm-simd|plain), log-mels (wasm-simd|plain)/)
})

test('times, host, jobs and folders are in environment.json and not in the report', async () => {
  const environment = JSON.parse((await workspace.result('environment.json')).toString())
  expect(environment).toMatchObject({ jobs: expect.any(Number), executed: first.executed.length })
  expect(environment.seconds).toBeGreaterThan(0)
  expect(Date.parse(environment.startedAt)).toBeGreaterThan(0)
  expect(Object.keys(environment.secondsByStage)).toContain('train')
  for (const name of ['report.json', 'report.html']) {
    const text = (await workspace.result(name)).toString()
    expect(text).not.toContain(environment.machine.host + '"')
    expect(text).not.toContain(workspace.folder)
    expect(text).not.toContain(environment.startedAt.slice(0, 10))
  }
})

test.each([
  ['another number of jobs', ['--jobs', '1']],
  ['settings that say the default', ['--set', 'model.seeds=[0]']],
  ['what concerns the exit status alone', ['--set', 'corpus.allowUnreadable=true']],
])('%s changes nothing', async (_what, args) => {
  const { summary } = await workspace.run(...args)
  expect(summary).toMatchObject({ executed: 0, failed: 0 })
})

test('another name gives another folder with the same results, at no cost', async () => {
  const { summary } = await workspace.run('--set', 'name=other')
  expect(summary).toMatchObject({
    executed: 0,
    report: join(workspace.folder, 'runs/other/report.json'),
  })
  const report = await readFile(join(workspace.folder, 'runs/other/report.json'))
  expect(report).toEqual(await workspace.result('report.json'))
})

test('a file that was touched, or written again with the same content, changes nothing', async () => {
  const [path] = await filesBelow(workspace.recordings)
  await utimes(path!, new Date(0), new Date(0))
  expect((await workspace.run()).summary).toMatchObject({ executed: 0 })
  await writeFile(path!, await readFile(path!))
  expect((await workspace.run()).summary).toMatchObject({ executed: 0 })
})

test('files that nobody made for the corpus are told, and cost a new manifest only', async () => {
  const other = await workspace.copy()
  await writeFile(join(other.recordings, 'notes.txt'), 'to do')
  const { executed, status } = await other.run()
  expect(status).toBe(0)
  expect(executed).not.toContain('embeddings[speaker=01]')
  expect((await other.report()).skipped).toEqual([
    { file: 'notes.txt', status: 'skipped', note: 'not a sound file' },
  ])
})

test('a forced run computes the same again', async () => {
  const before = await workspace.contents()
  const { executed, status } = await workspace.run('features', '--force')
  expect(status).toBe(0)
  expect(executed).toEqual(['log-mel[speaker=01]', 'log-mel[speaker=02]', 'log-mel[speaker=03]'])
  expect(await workspace.contents()).toEqual(before)
})

test('without a configuration and without recordings the sample corpus is used, and every output says so', async () => {
  const other = await sampleWorkspace(1, 1)
  const folder = join(other.folder, 'nothing here yet')
  const { status, stderr } = await serflow('plan', '--data', folder)
  expect(status).toBe(0)
  expect(stderr).toContain('SYNTHETIC speech')
  expect(await filesBelow(join(folder, 'cache/sample-corpus'))).toHaveLength(192)
})
