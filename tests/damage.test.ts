import { readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { filesBelow, sampleWorkspace, type Workspace } from './serflow.fixture.js'

let workspace: Workspace
let before: Readonly<Record<string, string>>
let nodes: number

beforeAll(async () => {
  workspace = await sampleWorkspace()
  const { status, executed } = await workspace.run()
  expect(status).toBe(0)
  nodes = executed.length
  before = await workspace.contents()
})

async function size(path: string): Promise<number> {
  return (await readFile(path)).length
}

test.each([
  ['is deleted', (path: string) => rm(path), 'missing'],
  [
    'lacks its last byte',
    async (path: string) => truncate(path, (await size(path)) - 1),
    'damaged',
  ],
  ['is cut in half', async (path: string) => truncate(path, (await size(path)) >> 1), 'damaged'],
  [
    'has one other bit',
    async (path: string) => {
      const bytes = await readFile(path)
      bytes[bytes.length >> 1]! ^= 1
      await writeFile(path, bytes)
    },
    'damaged',
  ],
])('an artefact that %s is noticed and made again, byte for byte', async (_what, harm, state) => {
  const own = await workspace.copy()
  await harm(await own.artefactPath('log-mel[speaker=02]'))
  const planned = (await own.plan()).filter(({ status }) => status !== 'cached')
  expect(planned).toEqual([
    { node: 'log-mel[speaker=02]', status: 'run', reasons: [`its result is ${state}`] },
  ])
  const { executed, status, stderr } = await own.run()
  expect(status).toBe(0)
  expect(executed).toEqual(['log-mel[speaker=02]'])
  if (state === 'damaged') {
    expect(stderr).toContain(
      'warning: the stored result of log-mel[speaker=02] is damaged; it is made again',
    )
  }
  expect(await own.contents()).toEqual(before)
})

test.each(['cache/objects', 'cache/records', 'runs', 'cache'])(
  'after %s is deleted all results come back byte for byte',
  async (folder) => {
    const own = await workspace.copy()
    await rm(join(own.folder, folder), { recursive: true })
    const { executed, status } = await own.run()
    expect(status).toBe(0)
    expect(executed).toHaveLength(folder === 'runs' ? 0 : nodes)
    expect(await own.contents()).toEqual(before)
  },
)

test('a published result that was changed by hand is put right', async () => {
  const own = await workspace.copy()
  await writeFile(join(own.folder, 'runs/tiny/report.json'), '{}')
  await rm(join(own.folder, 'runs/tiny/model.onnx'))
  expect((await own.run()).summary).toMatchObject({ executed: 0 })
  expect(await own.contents()).toEqual(before)
})

test('damage is noticed where the memory of digests is lost or broken', async () => {
  const own = await workspace.copy()
  await writeFile(join(own.cache, 'file-digests.json'), '[["x"')
  expect((await own.run()).summary).toMatchObject({ executed: 0 })
  expect(await filesBelow(own.cache)).toHaveLength((await filesBelow(workspace.cache)).length)
})
