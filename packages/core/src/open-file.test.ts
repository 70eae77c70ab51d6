import { execFileSync } from 'node:child_process'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { InputError } from './errors.js'
import { openFile } from './open-file.js'

test('a file is read in parts, and no further than its end', async () => {
  const path = join(await mkdtemp(join(tmpdir(), 'open-file-')), 'file')
  await writeFile(path, '0123456789')
  const file = openFile(path)
  const text = (start: number, end: number) => Buffer.from(file.read(start, end)).toString()
  expect(file.size).toBe(10)
  expect([text(2, 5), text(8, 20), text(10, 20)]).toEqual(['234', '89', ''])
  file.close()
})

test('what is no file is refused at once: nothing, a folder, a pipe, a socket, a device', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'open-file-'))
  const [pipe, socket] = [join(folder, 'pipe'), join(folder, 'socket')]
  execFileSync('mkfifo', [pipe])
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(socket, resolve))
  const refusal = (path: string) => {
    expect(() => openFile(path, 'a sound file')).toThrow(InputError)
    return expect(() => openFile(path, 'a sound file'))
  }
  refusal(join(folder, 'nothing')).toThrow('does not exist; check the path')
  refusal(folder).toThrow(`"${folder}" is a folder, expected a sound file`)
  for (const path of [pipe, socket, '/dev/zero']) {
    refusal(path).toThrow(`"${path}" is no regular file, expected a sound file; write what comes`)
  }
  server.close()
})
