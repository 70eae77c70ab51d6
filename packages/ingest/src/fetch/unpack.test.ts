import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { unpackZip } from './unpack.js'
import { zipOf, type ZipEntry } from './zip.fixture.js'

let root: string
let folder: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'serflow-unpack-'))
  folder = join(root, 'out')
  await mkdir(folder)
})
afterEach(() => rm(root, { recursive: true, force: true }))

const limits = { mostBytes: 100_000, mostEntries: 50 }

async function unpack(content: Buffer, given = limits) {
  const archive = join(root, 'archive.zip')
  await writeFile(archive, content)
  return unpackZip(archive, folder, given)
}

/** Nothing but the archive and the folder may have come to be. */
async function refusal(entries: readonly ZipEntry[], given = limits): Promise<string> {
  const fault = await unpack(zipOf(entries), given).then(
    () => 'unpacked',
    (error: Error) => (error.name === 'InputError' ? error.message : error.stack!),
  )
  expect((await readdir(root)).sort()).toEqual(['archive.zip', 'out'])
  return fault.replace(join(root, 'archive.zip'), 'archive.zip')
}

test('stored and deflated files, folders and 64-bit sizes come out as they went in', async () => {
  const made = await unpack(
    zipOf([
      { name: 'Actor_01/', mode: 0o040755 },
      { name: 'Actor_01/a.wav', data: 'RIFF'.repeat(1000), mode: 0o100644 },
      { name: 'Größe/データ.wav', data: 'stored', stored: true },
      { name: 'deep/er/b.wav', data: Buffer.alloc(3000, 7), zip64: true },
      { name: 'empty' },
    ]),
  )
  expect(made).toEqual({ files: 4, bytes: 4000 + 6 + 3000 })
  expect(await readFile(join(folder, 'Actor_01/a.wav'), 'utf8')).toBe('RIFF'.repeat(1000))
  expect(await readFile(join(folder, 'Größe/データ.wav'), 'utf8')).toBe('stored')
  expect(await readFile(join(folder, 'deep/er/b.wav'))).toEqual(Buffer.alloc(3000, 7))
  expect(await readFile(join(folder, 'empty'))).toHaveLength(0)
})

test('any bytes come out as they went in', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), fc.boolean(), async (data, stored) => {
      await rm(join(folder, 'file'), { force: true })
      await unpack(zipOf([{ name: 'file', data, stored }]))
      expect(new Uint8Array(await readFile(join(folder, 'file')))).toEqual(data)
    }),
    { numRuns: 25 },
  )
})

test.each([
  ['../evil', 'invalid relative path'],
  ['a/../../evil', 'invalid relative path'],
  ['/etc/evil', 'absolute path'],
  ['C:/evil', 'absolute path'],
  ['..\\evil', 'invalid characters'],
  ['a\\b', 'invalid characters'],
  ['a//b', 'has an empty part'],
  ['./a', 'has an empty part'],
  ['ab:stream', 'has a character that file systems refuse'],
  ['a\u0000b', 'has a character that file systems refuse'],
  ['a\u001b[2J', 'has a character that file systems refuse'],
  ['folder./a', 'ends in a dot or a blank'],
  ['x'.repeat(300), 'is too long'],
])('a name such as %s is refused before anything is written', async (name, fault) => {
  expect(
    await refusal([
      { name: 'good', data: 'x' },
      { name, data: 'x' },
    ]),
  ).toContain(fault)
  expect(await readdir(folder)).toEqual([])
})

test.each<[string, ZipEntry, string]>([
  ['a link', { name: 'l', data: '/etc/passwd', mode: 0o120777 }, 'is a link'],
  ['a pipe', { name: 'p', mode: 0o010644 }, 'is no file and no folder'],
  ['a device', { name: 'd', mode: 0o060644 }, 'is no file and no folder'],
  ['a folder by its mode alone', { name: 'f', mode: 0o040755 }, 'is a folder by half'],
  ['a folder with content', { name: 'f/', data: 'x' }, 'is a folder with content'],
  ['an encrypted file', { name: 'e', data: 'x', flags: 1 }, 'is encrypted'],
  ['an unknown method', { name: 'm', data: 'x', method: 12 }, 'is packed with method 12'],
])('%s is refused before anything is written', async (_kind, entry, fault) => {
  expect(await refusal([{ name: 'good', data: 'x' }, entry])).toContain(fault)
  expect(await readdir(folder)).toEqual([])
})

test.each([
  ['same', 'same', 'occurs twice'],
  ['Same', 'sAME', 'occurs twice'],
  ['\u00e4', 'a\u0308', 'occurs twice'],
  ['a', 'a/b', 'lies in a folder that is also a file'],
  ['a/b', 'a', 'occurs twice'],
])('%s and %s in one archive are refused', async (first, second, fault) => {
  const entries = [first, second].map((name) => ({ name, data: 'x' }))
  expect(await refusal(entries)).toContain(fault)
})

test('bombs are refused by what they declare, before anything is written', async () => {
  const big = { name: 'big', data: Buffer.alloc(100_001) }
  expect(await refusal([big])).toContain('unpacks to more than 100000 bytes')
  const many = Array.from({ length: 11 }, (_, i) => ({ name: `n${i}`, data: Buffer.alloc(10_000) }))
  expect(await refusal(many)).toContain('unpacks to more than 100000 bytes')
  const more = Array.from({ length: 51 }, (_, i) => ({ name: `n${i}` }))
  expect(await refusal(more)).toContain('is one of more than 50 entries')
  expect(await readdir(folder)).toEqual([])
})

test('entries that share their bytes are refused, and those in another order than their places are not', async () => {
  const whole = zipOf([
    { name: 'a', data: Buffer.alloc(5000) },
    { name: 'b', data: 'b' },
  ])
  const first = whole.indexOf('PK\x01\x02')
  const second = whole.indexOf('PK\x01\x02', first + 1)
  const end = whole.length - 22
  const swapped = Buffer.concat([
    whole.subarray(0, first),
    whole.subarray(second, end),
    whole.subarray(first, second),
    whole.subarray(end),
  ])
  expect(await unpack(swapped)).toEqual({ files: 2, bytes: 5001 })
  const inside = Buffer.from(whole)
  inside.writeUInt32LE(1, second + 42)
  await expect(unpack(inside)).rejects.toThrow('shares its bytes with another entry')
})

test('a file that holds more or less than it declares is refused, and no more is written than declared', async () => {
  const data = Buffer.alloc(5_000_000)
  expect(await refusal([{ name: 'liar', data, size: 100 }])).toMatch(
    /"liar" is damaged .*too many bytes/,
  )
  expect((await stat(join(folder, 'liar'))).size).toBeLessThanOrEqual(100)
  expect(await refusal([{ name: 'short', data: 'abc', size: 100 }])).toMatch(
    /"short" is damaged .*not enough/,
  )
  expect(await refusal([{ name: 'cut', data: 'abc', stored: true, size: 100 }])).toMatch(
    /not unpacked/,
  )
})

test('a wrong CRC and deflated nonsense are refused', async () => {
  expect(await refusal([{ name: 'a', data: 'abc', crc: 1 }])).toContain('its CRC is wrong')
  const nonsense = { name: 'b', data: '\xff\xff\xff', stored: true, method: 8 }
  expect(await refusal([nonsense])).toContain('"b" is damaged')
})

test('what is no archive, and one that is cut, is refused', async () => {
  const whole = zipOf([{ name: 'a', data: 'abc' }])
  for (const content of [Buffer.from('<html>'), whole.subarray(0, 40), Buffer.alloc(0)]) {
    await expect(unpack(content)).rejects.toThrow(/it is no ZIP archive in order/)
  }
})
