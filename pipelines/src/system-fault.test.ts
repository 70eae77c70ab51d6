import { mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { systemFault } from './system-fault.js'

const thrownBy = (work: Promise<unknown>) => work.catch((error: unknown) => error)

test('a full disk is told in words', async () => {
  expect(systemFault(await thrownBy(writeFile('/dev/full', 'x')))).toMatch(
    /^the disk is full; free some room, or name a folder on another disk with --data \(ENOSPC\)$/,
  )
})

test('a file in the place of a folder is told with its path', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'system-fault-'))
  const file = join(folder, 'file')
  await writeFile(file, '')
  const inside = await thrownBy(mkdir(join(file, 'cache'), { recursive: true }))
  expect(systemFault(inside)).toMatch(/file.*: part of this path is a file .*\(ENOTDIR\)$/)
  await symlink(join(folder, 'nowhere/x'), join(folder, 'link'))
  const broken = await thrownBy(mkdir(join(folder, 'link/cache'), { recursive: true }))
  expect(systemFault(broken)).toMatch(/link.*: (part of this path is|something else)/)
})

test('what is no refusal of the file system is none', async () => {
  const gone = await thrownBy(writeFile('/nowhere/at/all', ''))
  const denied = Object.assign(new Error('kill'), { code: 'EPERM', syscall: 'kill' })
  for (const other of [gone, denied, new Error('x'), new TypeError('y'), 'text', undefined]) {
    expect(systemFault(other)).toBeUndefined()
  }
})
