import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { JobError, type Executor, type Job } from './executor.js'
import { localExecutor } from './local-executor.js'

let executor: Executor

afterEach(() => executor.close())

/** Workers that answer with their process, or do as the node's name says. */
async function workers(slots: number): Promise<Executor> {
  const path = join(await mkdtemp(join(tmpdir(), 'worker-')), 'worker.mjs')
  await writeFile(
    path,
    `process.on('message', ({ node }) => {
       if (node === 'die') process.kill(process.pid, 'SIGKILL')
       else if (node === 'leave') process.exit(3)
       else if (node === 'fail') process.send({ kind: 'failed', message: 'no luck', isInput: true })
       else {
         process.send({ kind: 'progress', fraction: 0.5 })
         process.send({ kind: 'done', record: { node: String(process.pid) } })
       }
     })
     process.on('disconnect', () => process.exit(0))`,
  )
  executor = localExecutor(path, slots)
  return executor
}

const job = (node: string): Job => ({
  node,
  key: '',
  ingredients: { stage: '', part: {}, config: {}, code: '', inputs: {} },
  module: '',
  storeRoot: '',
  inputs: {},
})

test('a worker is used again, and tells how far it is', async () => {
  const { execute } = await workers(2)
  const fractions: number[] = []
  const first = await execute(job('a'), (fraction) => fractions.push(fraction))
  const second = await execute(job('b'), () => undefined)
  expect(second).toEqual(first)
  expect(fractions).toEqual([0.5])
})

test('jobs side by side have workers of their own', async () => {
  const { execute } = await workers(2)
  const [first, second] = await Promise.all([
    execute(job('a'), () => undefined),
    execute(job('b'), () => undefined),
  ])
  expect(second).not.toEqual(first)
})

test('a job that fails leaves its worker for the next one', async () => {
  const { execute } = await workers(1)
  const first = await execute(job('a'), () => undefined)
  const failed = execute(job('fail'), () => undefined)
  await expect(failed).rejects.toThrow(JobError)
  await expect(failed).rejects.toMatchObject({ message: 'no luck', isInput: true })
  expect(await execute(job('b'), () => undefined)).toEqual(first)
})

test.each([
  ['die', 'the worker process was ended by SIGKILL (out of memory? try --jobs 1); run again'],
  ['leave', 'the worker process ended with status 3; run again to go on'],
])('a worker that ends takes only its job along', async (node, expected) => {
  const { execute } = await workers(1)
  const first = await execute(job('a'), () => undefined)
  await expect(execute(job(node), () => undefined)).rejects.toThrow(expected)
  const second = await execute(job('b'), () => undefined)
  expect(second).not.toEqual(first)
})
