import { execFileSync } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { filesBelow, projectRoot } from './serflow.fixture.js'

type StageCode = Readonly<Record<string, { readonly digest: string; readonly file: string }>>

let tree: string
let before: StageCode

/** A copy of the sources that builds like the project itself, with other packages linked in. */
beforeAll(async () => {
  tree = await mkdtemp(join(tmpdir(), 'serflow sources '))
  for (const part of ['packages', 'pipelines', 'scripts', 'package.json', 'tsconfig.base.json']) {
    await cp(join(projectRoot, part), join(tree, part), {
      recursive: true,
      filter: (path) => !/\/(node_modules|dist)$/.test(path),
    })
  }
  const modules = join(tree, 'node_modules')
  await mkdir(join(modules, '@serflow'), { recursive: true })
  for (const name of await readdir(join(projectRoot, 'node_modules'))) {
    if (name !== '@serflow') {
      await symlink(join(projectRoot, 'node_modules', name), join(modules, name))
    }
  }
  for (const name of await readdir(join(tree, 'packages'))) {
    await symlink(join('../../packages', name), join(modules, '@serflow', name))
  }
  before = await build()
})

afterAll(() => rm(tree, { recursive: true, force: true }))

async function build(): Promise<StageCode> {
  execFileSync(process.execPath, [join(tree, 'scripts/build.mjs'), '--bundles-only'])
  const text = await readFile(join(tree, 'pipelines/dist/stages.json'), 'utf8')
  return (JSON.parse(text) as { stages: StageCode }).stages
}

async function edit(path: string, change: (text: string) => string): Promise<void> {
  const text = await readFile(join(tree, path), 'utf8')
  const changed = change(text)
  expect(changed, path).not.toBe(text)
  await writeFile(join(tree, path), changed)
}

test('comments and layout are no code: no stage has another digest', async () => {
  for (const part of ['packages', 'pipelines/src']) {
    for (const path of await filesBelow(join(tree, part))) {
      if (!path.endsWith('.ts') || path.endsWith('.d.ts') || path.includes('/generated/')) continue
      await edit(path.slice(tree.length + 1), (text) => `// A remark.\n\n${text}\n/* Another. */\n`)
    }
  }
  expect(await build()).toEqual(before)
})

test('a change of one stage changes the digest of that stage alone', async () => {
  await edit('packages/ingest/src/stages/augmentation.ts', (text) =>
    text.replace('${id}#', '${id}@'),
  )
  const after = await build()
  const changed = Object.keys(before).filter((name) => before[name]!.digest !== after[name]!.digest)
  expect(changed).toEqual(['augmentation'])
  // A run that is going on still finds the stages it was planned with.
  const files = await readdir(join(tree, 'pipelines/dist/stages'))
  expect(files).toContain(before.augmentation!.file)
  expect(files).toContain(after.augmentation!.file)
})
