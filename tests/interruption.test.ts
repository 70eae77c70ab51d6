import { readFile, readdir, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, expect, test } from 'vitest'
import { filesBelow, sampleWorkspace, type Call, type Workspace } from './serflow.fixture.js'

/** What an undisturbed run gives. */
let undisturbed: Workspace
/** The same recordings, where nothing has run. */
let untouched: Workspace

beforeAll(async () => {
  untouched = await sampleWorkspace()
  undisturbed = await untouched.copy()
  expect((await undisturbed.run()).status).toBe(0)
})

/** Waits until it holds, looking all the time; a call that has ended will not make it true any more. */
async function until(call: Call, holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) {
    if (call.process.exitCode !== null) throw new Error('the call ended before')
    await sleep(1)
  }
}

/** Processes whose parent this is. */
async function children(pid: number): Promise<readonly number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')
  return text.trim().split(' ').filter(Boolean).map(Number)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

const isRunning = (workspace: Workspace, stage: string) => async () =>
  (await workspace.running()).some((node) => node.startsWith(stage))

const isWriting = (workspace: Workspace) => async () => {
  for (const folder of await readdir(join(workspace.cache, 'objects')).catch(() => [])) {
    const names = await readdir(join(workspace.cache, 'objects', folder))
    if (names.some((name) => name.endsWith('.tmp'))) return true
  }
  return false
}

async function expectSameAsUndisturbed(workspace: Workspace): Promise<void> {
  expect((await workspace.report()).digest).toBe((await undisturbed.report()).digest)
  const [found, expected] = [await workspace.contents(), await undisturbed.contents()]
  // What was half-written may lie about, under names that nobody reads.
  const whole = Object.entries(found).filter(([path]) => !path.endsWith('.tmp'))
  expect(Object.fromEntries(whole)).toEqual(expected)
}

test.each([
  ['while recordings are decoded', (own: Workspace) => isRunning(own, 'log-mel')],
  ['while an artefact is written', isWriting],
  ['while a head is trained', (own: Workspace) => isRunning(own, 'train')],
  ['while it scores', (own: Workspace) => isRunning(own, 'scores')],
])('killed %s and started again, a run ends as if nothing had been', async (_when, moment) => {
  const own = await untouched.copy()
  const call = own.call('run')
  await until(call, moment(own))
  const workers = await children(call.process.pid!)
  call.process.kill('SIGKILL')
  expect(await call.ended).toMatchObject({ status: null, signal: 'SIGKILL' })
  // Nobody tells the workers but the end of their channel.
  while (workers.some(isAlive)) await sleep(20)

  const again = await own.run()
  expect(again.stderr).not.toMatch(/failed:|damaged/)
  expect(again.status).toBe(0)
  await expectSameAsUndisturbed(own)
})

test('a worker that is killed fails its node in one line, and the next run goes on from there', async () => {
  const own = await untouched.copy()
  const call = own.call('run', '--json', '--jobs', '1')
  await until(call, isRunning(own, 'train'))
  const [worker] = await children(call.process.pid!)
  process.kill(worker!, 'SIGKILL')
  const broken = await call.ended
  expect(broken.status).toBe(1)
  expect(broken.summary).toMatchObject({ failed: 1, report: null })
  expect(broken.stderr).toMatch(/^train\[.*: failed: the worker process was ended by SIGKILL/m)
  expect(broken.stderr).not.toMatch(/^\s+at /m)
  // The others' heads were trained by another worker.
  expect(broken.executed.filter((node) => node.startsWith('train'))).toHaveLength(3)

  const again = await own.run()
  expect(again.executed.filter((node) => node.startsWith('train'))).toHaveLength(1)
  expect(again.executed.filter((node) => node.startsWith('embeddings'))).toEqual([])
  expect(again.status).toBe(0)
  await expectSameAsUndisturbed(own)
})

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('stopped by %s, a run says so and leaves no process behind', async (signal, status) => {
  const own = await untouched.copy()
  const call = own.call('run')
  await until(call, isRunning(own, 'log-mel'))
  const workers = await children(call.process.pid!)
  call.process.kill(signal)
  const stopped = await call.ended
  expect(stopped.status).toBe(status)
  expect(stopped.stderr).toContain('stopped; what is done is kept')
  expect(stopped.stderr).not.toContain('failed')
  while (workers.some(isAlive)) await sleep(20)
})

test('half artefacts, half records and locks of the dead are harmless, and tidied away', async () => {
  const own = await undisturbed.copy()
  const before = await own.contents()
  const [object] = await filesBelow(join(own.cache, 'objects'))
  const [record] = await filesBelow(join(own.cache, 'records'))
  await writeFile(`${object}.123-abcdef.tmp`, (await readFile(object!)).subarray(0, 100))
  await writeFile(`${record}.123-abcdef.tmp`, '{"version":1,')
  const key = /([0-9a-f]{64})\.json$/.exec(record!)![1]!
  // No process has a number that high.
  const holder = { host: hostname(), pid: 2 ** 30, node: 'train' }
  await writeFile(join(own.cache, 'locks', `${key}.lock`), JSON.stringify(holder))
  expect((await own.run()).summary).toMatchObject({ executed: 0, failed: 0 })
  expect((await own.tidy()).stdout).toMatch(/^removed 2 files/)
  expect(await own.contents()).toEqual(before)
  expect(await own.running()).toEqual([])
})
