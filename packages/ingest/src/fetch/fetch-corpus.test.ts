import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InputError } from '@serflow/core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { archives, type Archive } from './archives.js'
import { fetchCorpus, type FetchOptions, type FetchProgress } from './fetch-corpus.js'
import { fileServer, serve } from './server.fixture.js'
import { UnreachableError } from './unreachable.js'
import { zipOf } from './zip.fixture.js'

const zip = zipOf([
  { name: 'Actor_01/', mode: 0o040755 },
  { name: 'Actor_01/03-01-01-01-01-01-01.wav', data: 'RIFF one' },
  { name: 'Actor_02/03-01-01-01-01-01-02.wav', data: Buffer.alloc(50_000, 'RIFF two') },
])

let root: string
let folder: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'serflow fétch '))
  folder = join(root, 'raw/ravdess')
})
afterEach(() => rm(root, { recursive: true, force: true }))

function archiveOf(content: Buffer, given: Partial<Archive> = {}): Archive {
  const sum = (kind: string) => createHash(kind).update(content).digest('hex')
  return {
    ...archives[0]!,
    bytes: content.length,
    md5: sum('md5'),
    sha256: sum('sha256'),
    recordings: 2,
    unpackedBytes: 60_000,
    ...given,
  }
}

const fetched = (from: string | undefined, options: Partial<FetchOptions> = {}, given = {}) =>
  fetchCorpus(archiveOf(zip, given), {
    folder,
    downloads: join(root, 'cache/downloads'),
    from,
    environment: {},
    backOffMs: 1,
    ...options,
  })

async function faultOf(call: Promise<unknown>): Promise<string> {
  const fault = await call.then(
    () => 'no fault',
    (error: unknown) => error,
  )
  if (!(fault instanceof InputError)) throw fault
  return fault.message
}

async function filesIn(path: string): Promise<readonly string[]> {
  const items = await readdir(path, { withFileTypes: true, recursive: true })
  return items
    .filter((item) => item.isFile())
    .map((item) => join(item.parentPath, item.name).slice(path.length + 1))
    .sort()
}

test('an archive is fetched, checked and unpacked, and nothing else is left', async () => {
  const { url, asked } = await serve(fileServer(() => zip))
  const seen: FetchProgress[] = []
  const options = { onProgress: (each: FetchProgress) => void seen.push(each) }
  expect(await fetched(url.href, options)).toEqual({ outcome: 'fetched', recordings: 2 })
  expect(asked).toHaveLength(1)
  expect(await filesIn(root)).toEqual([
    'raw/ravdess/.serflow-fetched.json',
    'raw/ravdess/Actor_01/03-01-01-01-01-01-01.wav',
    'raw/ravdess/Actor_02/03-01-01-01-01-01-02.wav',
  ])
  expect(await readdir(join(root, 'raw'))).toEqual(['ravdess'])
  expect([...new Set(seen.map(({ doing }) => doing))]).toEqual([
    'fetching',
    'checking',
    'unpacking',
  ])
  const marker = await readFile(join(folder, '.serflow-fetched.json'), 'utf8')
  expect(JSON.parse(marker)).toMatchObject({ archive: archives[0]!.fileName, files: 2 })
})

test('a second call asks for nothing and changes nothing', async () => {
  const { url, asked } = await serve(fileServer(() => zip))
  await fetched(url.href)
  await writeFile(join(folder, 'notes.txt'), 'mine')
  expect(await fetched(url.href)).toEqual({ outcome: 'present', recordings: 2 })
  expect(asked).toHaveLength(1)
  expect(await filesIn(folder)).toContain('notes.txt')
})

test('recordings that the user has put there count, in any format that is read', async () => {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'a.flac'), 'x')
  await writeFile(join(folder, 'b.WAV'), 'x')
  await writeFile(join(folder, '._b.wav'), 'litter')
  expect(await fetched(undefined)).toEqual({ outcome: 'present', recordings: 2 })
})

test('a folder with part of the recordings is an error and stays as it is', async () => {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'a.wav'), 'x')
  expect(await faultOf(fetched(undefined))).toBe(
    `${folder}: holds 1 of the 2 recordings of RAVDESS speech; move the folder away or delete it, and fetch again`,
  )
  expect(await filesIn(root)).toEqual(['raw/ravdess/a.wav'])
})

test('recordings that are missing from what was fetched are noticed', async () => {
  const { url } = await serve(fileServer(() => zip))
  await fetched(url.href)
  await rm(join(folder, 'Actor_01'), { recursive: true })
  expect(await faultOf(fetched(url.href))).toContain('holds 1 of the 2 recordings')
})

test.each([
  ['md5', 'has the MD5'],
  ['sha256', 'has the SHA-256'],
])('a wrong %s is an error, and what came is removed', async (sum, expected) => {
  const { url } = await serve(fileServer(() => zip))
  const message = await faultOf(fetched(url.href, {}, { [sum]: '00' }))
  expect(message).toContain(expected)
  expect(message).toContain(`from ${url.host}`)
  expect(message).toContain('it has been removed, so fetch it again')
  expect(await filesIn(root)).toEqual([])
})

test('a part that holds other bytes ends in a wrong sum, and the next call is right', async () => {
  const part = join(root, 'cache/downloads', `${archives[0]!.fileName}.part`)
  await mkdir(join(root, 'cache/downloads'), { recursive: true })
  await writeFile(part, Buffer.alloc(50, 7))
  const { url } = await serve(fileServer(() => zip))
  expect(await faultOf(fetched(url.href))).toContain('has the MD5')
  expect(await fetched(url.href)).toMatchObject({ outcome: 'fetched' })
})

test('a page that is sent instead of the archive is told at once and not kept', async () => {
  const { url, asked } = await serve((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' })
    response.write('<html>')
    response.end('please log in')
  })
  expect(await faultOf(fetched(url.href))).toContain(
    'sends something else than a ZIP archive (text/html, beginning with "<html>',
  )
  expect(asked).toHaveLength(1)
  expect(await filesIn(root)).toEqual([])
})

test('without a published SHA-256 the MD5 and the size must do', async () => {
  const { url } = await serve(fileServer(() => zip))
  const { sha256: _, ...rest } = archiveOf(zip)
  const options = { folder, downloads: root, from: url.href, environment: {} }
  expect(await fetchCorpus(rest, options)).toMatchObject({ outcome: 'fetched' })
})

test('an archive with right sums and a way out of the folder leaves nothing behind', async () => {
  const evil = zipOf([
    { name: 'a.wav', data: 'x' },
    { name: '../evil.wav', data: 'x' },
  ])
  const { url } = await serve(fileServer(() => evil))
  const options = { folder, downloads: join(root, 'cache'), from: url.href, environment: {} }
  expect(await faultOf(fetchCorpus(archiveOf(evil), options))).toContain('invalid relative path')
  expect((await filesIn(root)).filter((name) => name.endsWith('.wav'))).toEqual([])
})

test('an archive in one folder is unpacked without it', async () => {
  const inner = zipOf([
    { name: 'emodb/wav/03a01Fa.wav', data: 'x' },
    { name: 'emodb/db.csv', data: 'x' },
  ])
  const { url } = await serve(fileServer(() => inner))
  await fetchCorpus(archiveOf(inner, { recordings: 1 }), {
    folder,
    downloads: root,
    from: url.href,
    environment: {},
  })
  expect(await filesIn(folder)).toEqual(['.serflow-fetched.json', 'db.csv', 'wav/03a01Fa.wav'])
})

test('too little room is told before anything is fetched', async () => {
  const { url, asked } = await serve(fileServer(() => zip))
  const message = await faultOf(fetched(url.href, { freeBytes: async () => 30_000 }))
  expect(message).toMatch(/too little room: 0.1 MB more are needed, 0.0 MB are free/)
  expect(asked).toEqual([])
  expect(await filesIn(root)).toEqual([])
})

test('a disk that fills up on the way is an error, and so is one that may not be written to', async () => {
  const { url } = await serve(fileServer(() => zip))
  const downloads = join(root, 'cache/downloads')
  await mkdir(downloads, { recursive: true })
  await symlink('/dev/full', join(downloads, `${archives[0]!.fileName}.part`))
  expect(await faultOf(fetched(url.href))).toContain('too little room')
  expect(await faultOf(fetched(url.href, { downloads: '/proc/nowhere' }))).toMatch(
    /cannot be written|too little room|ENOENT/,
  )
})

test('what an interrupted call left half unpacked is thrown away, and what it set aside comes back', async () => {
  await mkdir(join(root, 'raw/.ravdess.unpacking/Actor_01'), { recursive: true })
  await writeFile(join(root, 'raw/.ravdess.unpacking/Actor_01/half.wav'), 'x')
  await mkdir(join(root, 'raw/.ravdess.before'), { recursive: true })
  await writeFile(join(root, 'raw/.ravdess.before/notes.txt'), 'mine')
  const { url } = await serve(fileServer(() => zip))
  expect(await fetched(url.href)).toMatchObject({ recordings: 2 })
  expect(await readdir(join(root, 'raw'))).toEqual(['ravdess'])
  expect(await readFile(join(folder, 'notes.txt'), 'utf8')).toBe('mine')
})

test('notes of the user stay; a file that is in the way is named', async () => {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, '.gitkeep'), '')
  const { url } = await serve(fileServer(() => zip))
  await writeFile(join(folder, 'Actor_01'), 'no folder')
  expect(await faultOf(fetched(url.href))).toBe(
    `${join(folder, 'Actor_01')}: is in the way of the recordings; move it away and fetch again`,
  )
  await rm(join(folder, 'Actor_01'))
  await fetched(url.href)
  expect(await filesIn(folder)).toContain('.gitkeep')
})

test('a folder that is a link to another disk stays a link', async () => {
  await mkdir(join(root, 'elsewhere/ravdess'), { recursive: true })
  await mkdir(join(root, 'raw'))
  await symlink(join(root, 'elsewhere/ravdess'), folder)
  const { url } = await serve(fileServer(() => zip))
  await fetched(url.href)
  expect(await filesIn(join(root, 'elsewhere/ravdess'))).toHaveLength(3)
  expect(await fetched(url.href)).toMatchObject({ outcome: 'present' })
})

test('a file where the folder should be is an error', async () => {
  await mkdir(join(root, 'raw'))
  await writeFile(folder, 'x')
  expect(await faultOf(fetched(undefined))).toContain('is a file, expected a folder')
})

test('an archive that is here is used: by its path, or lying where the recordings go', async () => {
  const path = join(root, 'my archive.zip')
  await writeFile(path, zip)
  expect(await fetched(path)).toMatchObject({ outcome: 'fetched' })
  expect(await readFile(path)).toHaveLength(zip.length)
  await rm(join(root, 'raw'), { recursive: true })
  await mkdir(join(root, 'raw'))
  await writeFile(join(root, 'raw', archives[0]!.fileName), zip)
  expect(await fetched(undefined)).toMatchObject({ outcome: 'fetched' })
})

test('a local archive that is damaged is named and not removed; one that is not there is named', async () => {
  const path = join(root, 'my.zip')
  await writeFile(path, zip.subarray(1))
  expect(await faultOf(fetched(path))).toContain(`${path}: has ${zip.length - 1} bytes, expected`)
  expect(await readFile(path)).toHaveLength(zip.length - 1)
  expect(await faultOf(fetched(join(root, 'none.zip')))).toContain('there is no such file')
  expect(await faultOf(fetched('http://['))).toContain('is no address')
})

test('a server that cannot be reached leaves nothing behind', async () => {
  const call = fetched('http://127.0.0.1:1/a.zip', { reachAttempts: 1 })
  await expect(call).rejects.toBeInstanceOf(UnreachableError)
  expect(await filesIn(root)).toEqual([])
})

test('every archive has sums of the right form and one folder name each', () => {
  for (const { md5, sha256, url, corpus, bytes } of archives) {
    expect(md5).toMatch(/^[0-9a-f]{32}$/)
    expect(sha256 ?? '0'.repeat(64)).toMatch(/^[0-9a-f]{64}$/)
    expect(new URL(url).protocol).toBe('https:')
    expect(corpus).toMatch(/^[a-z-]+$/)
    expect(bytes).toBeGreaterThan(30e6)
  }
  expect(new Set(archives.map(({ corpus }) => corpus)).size).toBe(archives.length)
})
