import { mkdtemp, readFile, readdir, utimes, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { acquireLock, isStale } from './lock.js'

const lockPath = async () => join(await mkdtemp(join(tmpdir(), 'lock-')), 'locks', 'key.lock')
const never = async () => false
/** No process has a number that high. */
const deadProcess = 2 ** 30

async function leave(path: string, holder: object): Promise<void> {
  const lock = await acquireLock(path, 'train', never)
  await lock!.release()
  await writeFile(path, JSON.stringify(holder))
}

test('a lock says who holds it for what, and is gone after its release', async () => {
  const path = await lockPath()
  const lock = await acquireLock(path, 'train[fold=0]', never)
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual({
    host: hostname(),
    pid: process.pid,
    node: 'train[fold=0]',
  })
  expect(await isStale(path)).toBe(false)
  await lock!.release()
  expect(await readdir(dirname(path))).toEqual([])
})

test('where there is nothing left to do no lock is taken', async () => {
  const path = await lockPath()
  expect(await acquireLock(path, 'train', async () => true)).toBeUndefined()
  expect(await readdir(dirname(path))).toEqual([])
})

test('one at a time holds it, and all get it in the end', async () => {
  const path = await lockPath()
  let holders = 0
  let most = 0
  const work = async () => {
    const lock = await acquireLock(path, 'train', never)
    most = Math.max(most, ++holders)
    await new Promise((resolve) => setTimeout(resolve, 5))
    holders--
    await lock!.release()
  }
  await Promise.all([work(), work(), work()])
  expect(most).toBe(1)
  expect(await readdir(dirname(path))).toEqual([])
})

test('a waiting one gives up as soon as the work is done', async () => {
  const path = await lockPath()
  const lock = await acquireLock(path, 'train', never)
  let asked = 0
  expect(await acquireLock(path, 'train', async () => ++asked > 1)).toBeUndefined()
  await lock!.release()
})

test('the lock of a dead process is taken over, by one alone', async () => {
  const path = await lockPath()
  await leave(path, { host: hostname(), pid: deadProcess, node: 'train' })
  expect(await isStale(path)).toBe(true)
  let holders = 0
  const take = async () => {
    const lock = await acquireLock(path, 'train', async () => holders > 0)
    if (lock) holders++
    return lock
  }
  const taken = await Promise.all([take(), take(), take(), take()])
  expect(taken.filter((lock) => lock !== undefined)).toHaveLength(1)
})

test('a lock of another machine is stale only once its heartbeat has stopped for a minute', async () => {
  const path = await lockPath()
  await leave(path, { host: 'elsewhere', pid: deadProcess, node: 'train' })
  expect(await isStale(path)).toBe(false)
  const longAgo = new Date(Date.now() - 61_000)
  await utimes(path, longAgo, longAgo)
  expect(await isStale(path)).toBe(true)
})

test('a lock without its holder yet is living for a moment', async () => {
  const path = await lockPath()
  await leave(path, {})
  await writeFile(path, '')
  expect(await isStale(path)).toBe(false)
  const moment = new Date(Date.now() - 3_000)
  await utimes(path, moment, moment)
  expect(await isStale(path)).toBe(true)
})
