import { createHash } from 'node:crypto'
import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { archives } from '@serflow/ingest'
import { expect, test } from 'vitest'
import { fileServer, serve } from '../packages/ingest/src/fetch/server.fixture.js'
import { zipOf } from '../packages/ingest/src/fetch/zip.fixture.js'
import { fetchInto } from '../pipelines/src/fetch-command.js'
import { dataFolder } from '../pipelines/src/workspace.js'
import { call, passingFolder, serflow, type Outcome } from './serflow.fixture.js'

/** With a network, as far as the given proxy goes; nothing else can be reached. */
async function throughProxy(proxy: string, ...args: readonly string[]): Promise<Outcome> {
  const environment = { HTTPS_PROXY: proxy, https_proxy: proxy, NO_PROXY: '', no_proxy: '' }
  return call(args, undefined, { SERFLOW_OFFLINE: '', ...environment }).ended
}

const refusing = () =>
  serve(
    (_request, response) => response.writeHead(500).end(),
    (_request, socket) => socket.end('HTTP/1.1 403 Forbidden\r\n\r\n'),
  )

test('a fetch that cannot reach the server has status 1 and one line', async () => {
  const data = await passingFolder('serflow-fetch-')
  const proxy = await refusing()
  const outcome = await throughProxy(proxy.url.origin, 'fetch', 'ravdess', '--data', data)
  expect(outcome.stderr).toBe(
    `zenodo.org cannot be reached through the proxy ${proxy.url.host}: the proxy refuses (status 403)\n`,
  )
  expect(outcome.status).toBe(1)
  expect(outcome.stdout).toBe('')
  expect(proxy.tunnels).toEqual(['zenodo.org:443'])
})

test('another file than the published one is refused', async () => {
  const data = await passingFolder('serflow-fetch-')
  const { url } = await serve(fileServer(() => Buffer.from('<html>')))
  const { status, stderr } = await serflow('fetch', 'emodb', '--from', url.href, '--data', data)
  expect(status).toBe(1)
  expect(stderr).toBe(
    `${url.href}: offers 6 bytes, expected 39981818 bytes of a ZIP archive; name another address with --from\n`,
  )
})

test('what is there is not fetched again', async () => {
  const { bytes, ...rest } = archives[2]!
  const zip = zipOf([{ name: 'emodb/wav/03a01Fa.wav', data: 'x' }])
  const sum = (kind: string) => createHash(kind).update(zip).digest('hex')
  const archive = { ...rest, bytes: zip.length, md5: sum('md5'), recordings: 1 }
  expect(bytes).toBeGreaterThan(zip.length)
  const root = await passingFolder('serflow-fetch-')
  const { url, asked } = await serve(fileServer(() => zip))
  const options = { from: url.href, answerSeconds: 5 }
  const both = await Promise.all([
    fetchInto(dataFolder(root), archive, options),
    fetchInto(dataFolder(root), archive, options),
  ])
  expect(both.map(({ outcome }) => outcome).sort()).toEqual(['fetched', 'present'])
  expect(asked).toHaveLength(1)
  const { status, stderr } = await serflow('fetch', 'emodb', '--data', root)
  expect(status).toBe(0)
  expect(stderr).toContain('is there already (1 recordings); nothing to do')
})

test.each([
  [['fetch', 'ravdes'], 'there is no corpus "ravdes" to fetch; did you mean "ravdess"?'],
  [['fetch', 'iemocap'], 'iemocap cannot be fetched by a program: ask for it at https://'],
  [['fetch'], 'expected the name of a corpus, such as serflow fetch ravdess'],
  [['fetch', 'ravdess', '--timeout', '0'], '--timeout: expected seconds from above 0 to 3600'],
  [['fetch', 'ravdess', '--timeout', 'soon'], '--timeout: expected seconds from above 0 to 3600'],
])('serflow %j is refused in one line', async (args, expected) => {
  const { status, stderr } = await serflow(...args)
  expect(status).toBe(2)
  expect(stderr).toContain(expected)
  expect(stderr.trimEnd().split('\n')).toHaveLength(1)
})

test('a run without recordings and without a network uses the sample corpus and says why', async () => {
  const data = await passingFolder('serflow-default-')
  const proxy = await refusing()
  const run = (address: string, ...args: readonly string[]) =>
    throughProxy(address, 'run', 'corpus', '--data', data, ...args)
  for (const address of [proxy.url.origin, 'http://127.0.0.1:1']) {
    const { status, stderr } = await run(address)
    expect(status).toBe(0)
    expect(stderr).toMatch(
      /^note: there are no recordings in .*raw.ravdess, and RAVDESS \(208 MB\) cannot be fetched: zenodo.org cannot be reached through the proxy .*; so this run uses the built-in sample corpus: SYNTHETIC speech/,
    )
  }
  expect(proxy.tunnels).toHaveLength(1)

  const offline = await run(proxy.url.origin, '--offline')
  expect(offline.stderr).toContain('and this run is offline; so this run uses')
  const sample = await run(proxy.url.origin, '--set', 'corpus.kind=sample')
  expect(sample.stderr).toMatch(/^note: this run uses the built-in sample corpus: SYNTHETIC/)
  expect(proxy.tunnels).toHaveLength(1)
})

test('a server that answers anything else than the archive stops the run', async () => {
  const data = await passingFolder('serflow-default-')
  await writeFile(join(data, 'raw'), 'no folder')
  const proxy = await refusing()
  const { status, stderr } = await throughProxy(proxy.url.origin, 'run', 'corpus', '--data', data)
  expect(status).toBe(2)
  expect(stderr).toContain('--offline runs the built-in sample corpus instead)')
  expect(await readdir(data)).not.toContain('runs')
})

test('a corpus that is named never falls back', async () => {
  const data = await passingFolder('serflow-default-')
  const named = ['--data', data, '--set', 'corpus.kind=ravdess']
  const { status, stderr } = await serflow('run', ...named)
  expect(status).toBe(2)
  expect(stderr).toBe(
    `${join(data, 'raw/ravdess')}: there are no recordings of RAVDESS speech; "serflow fetch ravdess" fetches them ` +
      '(208 MB), or name the folder they lie in: --set corpus.directory=/path/to/folder\n',
  )
  const plan = await serflow('plan', ...named)
  expect(plan.status).toBe(2)
})
