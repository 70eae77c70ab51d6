import { beforeAll, expect, test } from 'vitest'
import { sampleWorkspace, serflow, type Workspace } from './serflow.fixture.js'

let workspace: Workspace

beforeAll(async () => {
  workspace = await sampleWorkspace(2, 4)
  expect((await workspace.run()).status).toBe(0)
  expect((await workspace.run('--set', 'model.train.epochs=1')).status).toBe(0)
})

test('the list counts results, those in use and their size by stage', async () => {
  const { status, stdout } = await serflow('cache', 'list', '--data', workspace.folder)
  expect(status).toBe(0)
  const rows = stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split(/ {2,}/))
  expect(rows[0]).toEqual(['stage', 'results', 'in use', 'size'])
  expect(rows.find(([stage]) => stage === 'train')).toEqual(['train', '6', '3', expect.any(String)])
  expect(rows.find(([stage]) => stage === 'log-mel')?.slice(0, 3)).toEqual(['log-mel', '2', '2'])
})

test('a dry run only says what would go; tidying then removes just that and keeps what is in use', async () => {
  const own = await workspace.copy()
  const before = await own.contents()
  const dry = await own.tidy('--dry-run')
  expect(await own.contents()).toEqual(before)
  const { status, stdout } = await own.tidy()
  expect(status).toBe(0)
  expect(stdout).toBe(dry.stdout.replace('would remove', 'removed'))
  const after = await own.contents()
  expect(Object.keys(after).length).toBeLessThan(Object.keys(before).length)
  expect((await own.run('--set', 'model.train.epochs=1')).summary).toMatchObject({ executed: 0 })
  expect((await own.tidy()).stdout).toMatch(/^removed 0 files, 0 kB; kept \d+ results/)
  // What was tidied away is made again.
  const { status: again } = await own.run()
  expect(again).toBe(0)
})

test('runs of other names keep what they use', async () => {
  const own = await workspace.copy()
  expect((await own.run('--set', 'name=second')).summary).toMatchObject({ executed: 0 })
  await own.tidy()
  expect((await own.run()).summary).toMatchObject({ executed: 0 })
  const first = await own.run('--set', 'model.train.epochs=1')
  expect(first.summary).toMatchObject({ executed: 0 })
})

test('nothing stored is nothing to tidy', async () => {
  const empty = await sampleWorkspace(1, 1)
  expect((await empty.tidy()).stdout).toBe('removed 0 files, 0 kB; kept 0 results, 0 kB\n')
})
