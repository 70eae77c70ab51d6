import { readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { plan } from './plan.js'
import { openStore } from './store.js'
import { smallPipeline } from './runner.fixture.js'

async function ranOnce(parts: readonly string[] = ['a', 'b']) {
  const small = await smallPipeline()
  for (const [index, part] of parts.entries()) await small.setNumber(part, 10 * index + 1)
  const nodes = await small.nodes(parts)
  const first = await small.run(nodes.all)
  return { small, nodes, first, latest: first.keys }
}

test('a second run executes nothing and gives the same', async () => {
  const { small, first, nodes } = await ranOnce()
  expect(first.executed).toEqual([
    'double[part=a]',
    'double[part=b]',
    'read[part=a]',
    'read[part=b]',
    'sum',
  ])
  expect(await first.valueOf(nodes.total)).toBe(24)
  const again = await small.nodes(['a', 'b'])
  const second = await small.run(again.all)
  expect(second.executed).toEqual([])
  expect(second.result.cached).toHaveLength(5)
  expect(await second.valueOf(again.total)).toBe(24)
})

test('a changed setting runs what depends on it, and the plan says so in words beforehand', async () => {
  const { small, latest } = await ranOnce()
  const nodes = await small.nodes(['a', 'b'], { offset: 0, factor: 3 })
  const planned = await plan(nodes.all, await small.context(latest))
  expect(planned.map(({ node, status, reasons }) => [node.name, status, reasons.join()])).toEqual([
    ['read[part=a]', 'cached', ''],
    ['read[part=b]', 'cached', ''],
    ['double[part=a]', 'run', 'double.factor: 2 -> 3'],
    ['double[part=b]', 'run', 'double.factor: 2 -> 3'],
    ['sum', 'waits', 'double[part=a] and double[part=b]'],
  ])
  const { executed, valueOf } = await small.run(nodes.all)
  expect(executed).toEqual(['double[part=a]', 'double[part=b]', 'sum'])
  expect(await valueOf(nodes.total)).toBe(36)
  // and back again: all is still there
  expect((await small.run((await small.nodes(['a', 'b'])).all)).executed).toEqual([])
})

test('a new part runs its own nodes and what depends on all', async () => {
  const { small, latest } = await ranOnce()
  await small.setNumber('c', 10)
  const nodes = await small.nodes(['a', 'b', 'c'])
  const planned = await plan(nodes.all, await small.context(latest))
  const status = Object.fromEntries(planned.map(({ node, status }) => [node.name, status]))
  expect(status).toEqual({
    'read[part=a]': 'cached',
    'read[part=b]': 'cached',
    'read[part=c]': 'run',
    'double[part=a]': 'cached',
    'double[part=b]': 'cached',
    'double[part=c]': 'waits',
    sum: 'waits',
  })
  const { executed } = await small.run(nodes.all)
  expect(executed).toEqual(['double[part=c]', 'read[part=c]', 'sum'])
})

test('a changed file runs on from there; an equal result further on stops the change', async () => {
  const { small, latest } = await ranOnce()
  await small.setNumber('a', 7)
  let nodes = await small.nodes(['a', 'b'])
  const planned = await plan(nodes.all, await small.context(latest))
  expect(planned.find(({ node }) => node.name === 'read[part=a]')!.reasons).toEqual(['a changed'])
  expect((await small.run(nodes.all)).executed).toEqual(['double[part=a]', 'read[part=a]', 'sum'])
  // other bytes, the same number
  await small.setNumber('a', '7.0')
  nodes = await small.nodes(['a', 'b'])
  expect((await small.run(nodes.all)).executed).toEqual(['read[part=a]'])
})

test('another file time, or another number of slots, changes nothing', async () => {
  const { small } = await ranOnce()
  await utimes(join(small.folder, 'a'), new Date(0), new Date(0))
  const nodes = await small.nodes(['a', 'b'])
  const { executed } = await small.run(nodes.all, await small.context(new Map(), 1))
  expect(executed).toEqual([])
})

test('changed code runs the stage and says so', async () => {
  const { small, latest } = await ranOnce()
  small.code.sum = 's2'
  const nodes = await small.nodes(['a', 'b'])
  const planned = await plan(nodes.all, await small.context(latest))
  expect(planned.at(-1)!.reasons).toEqual(['the code of sum changed'])
  expect((await small.run(nodes.all)).executed).toEqual(['sum'])
})

test.each([
  ['missing', (path: string) => rm(path)],
  ['cut by a byte', async (path: string) => truncate(path, (await readFile(path)).length - 1)],
  ['empty', (path: string) => truncate(path, 0)],
  [
    'other bytes of the same length',
    async (path: string) => writeFile(path, 'X'.repeat((await readFile(path)).length)),
  ],
])('a middle artefact that is %s is made again, byte for byte', async (_what, harm) => {
  const { small, nodes, first } = await ranOnce()
  const store = openStore(join(small.folder, 'store'))
  const path = store.objectPath(first.result.records.get(nodes.doubles[0]!)!.output)
  const before = await readFile(path)
  await harm(path)
  const again = await small.nodes(['a', 'b'])
  const { executed, result } = await small.run(again.all)
  expect(executed).toEqual(['double[part=a]'])
  expect(result.failed).toEqual([])
  expect(await readFile(path)).toEqual(before)
})

test('a lost artefact that no target needs is left alone; one that is needed is made again', async () => {
  const { small, nodes, first } = await ranOnce()
  const store = openStore(join(small.folder, 'store'))
  await rm(store.objectPath(first.result.records.get(nodes.reads[0]!)!.output))
  let again = await small.nodes(['a', 'b'])
  expect((await small.run([again.total])).executed).toEqual([])
  again = await small.nodes(['a', 'b'], { offset: 0, factor: 5 })
  expect((await small.run([again.total])).executed).toEqual([
    'double[part=a]',
    'double[part=b]',
    'read[part=a]',
    'sum',
  ])
})

test('a damaged record is a miss', async () => {
  const { small, nodes, first } = await ranOnce()
  const { key } = first.result.records.get(nodes.total)!
  await writeFile(join(small.folder, 'store', 'records', `${key}.json`), '{"version":1,')
  expect((await small.run((await small.nodes(['a', 'b'])).all)).executed).toEqual(['sum'])
})

test('a node that fails stops only what needs it, and the next run goes on from there', async () => {
  const small = await smallPipeline()
  await small.setNumber('a', 1)
  await small.setNumber('b', 5000)
  const nodes = await small.nodes(['a', 'b'])
  const { result } = await small.run(nodes.all)
  expect(result.failed.map((node) => node.name)).toEqual(['double[part=b]'])
  expect([...result.records.keys()].map((node) => node.name).sort()).toEqual([
    'double[part=a]',
    'read[part=a]',
    'read[part=b]',
  ])
  await small.setNumber('b', 5)
  const mended = await small.nodes(['a', 'b'])
  const second = await small.run(mended.all)
  expect(second.executed).toEqual(['double[part=b]', 'read[part=b]', 'sum'])
  expect(await second.valueOf(mended.total)).toBe(12)
})

test('two runs at once share the work', async () => {
  const small = await smallPipeline()
  const parts = ['a', 'b', 'c', 'd', 'e']
  for (const part of parts) await small.setNumber(part, 3)
  const [left, right] = [await small.nodes(parts), await small.nodes(parts)]
  const [one, two] = await Promise.all([
    small.run(left.all, await small.context()),
    small.run(right.all, await small.context()),
  ])
  expect(await one.valueOf(left.total)).toBe(30)
  expect(await two.valueOf(right.total)).toBe(30)
  expect(new Set(small.executed).size).toBe(small.executed.length)
})

test('a file that changes during the run is an error that says so', async () => {
  const small = await smallPipeline()
  await small.setNumber('a', 1)
  const nodes = await small.nodes(['a'])
  await small.setNumber('a', 2)
  const { result } = await small.run(nodes.all)
  expect(result.failed.map((node) => node.name)).toEqual(['read[part=a]'])
})

test('a forced node runs although it is cached', async () => {
  const { small } = await ranOnce()
  const nodes = await small.nodes(['a', 'b'])
  const context = await small.context()
  const { executed } = await small.run([nodes.total], {
    ...context,
    force: (node) => node === nodes.total,
  })
  expect(executed).toEqual(['sum'])
})
