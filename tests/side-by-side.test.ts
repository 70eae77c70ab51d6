import { beforeAll, expect, test } from 'vitest'
import { sampleWorkspace, type Workspace } from './serflow.fixture.js'

let untouched: Workspace
let alone: Workspace

beforeAll(async () => {
  untouched = await sampleWorkspace()
  alone = await untouched.copy()
  expect((await alone.run('--jobs', '1')).status).toBe(0)
})

test('one worker and three give the same bytes in every artefact and every result', async () => {
  const own = await untouched.copy()
  expect((await own.run('--jobs', '3')).status).toBe(0)
  expect(await own.contents()).toEqual(await alone.contents())
})

test('two runs at once on one store both end well, and no node is executed twice', async () => {
  const own = await untouched.copy()
  const [left, right] = await Promise.all([
    own.run('--jobs', '2', '--set', 'name=left'),
    own.run('--jobs', '2', '--set', 'name=right'),
  ])
  expect([left.status, right.status]).toEqual([0, 0])
  const nodes = (await alone.plan()).map(({ node }) => node).sort()
  expect([...left.executed, ...right.executed].sort()).toEqual(nodes)
  for (const { summary } of [left, right]) {
    expect(summary!.executed + summary!.cached).toBe(nodes.length)
  }
  const published = Object.entries(await own.contents()).filter(([path]) => path.startsWith('runs'))
  const digestOf = Object.fromEntries(published)
  for (const name of ['report.json', 'report.html', 'predictions.parquet', 'model.onnx']) {
    const expected = (await alone.contents())[`runs/tiny/${name}`]
    expect(digestOf[`runs/left/${name}`]).toBe(expected)
    expect(digestOf[`runs/right/${name}`]).toBe(expected)
  }
})
