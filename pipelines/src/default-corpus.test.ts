import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InputError } from '@serflow/core'
import { UnreachableError, type Archive } from '@serflow/ingest'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkThere, defaultCorpus, isOffline } from './default-corpus.js'
import { dataFolder, type DataFolder } from './workspace.js'

let data: DataFolder
let asked: (readonly [corpus: string, answerSeconds: number])[]

beforeEach(async () => {
  data = dataFolder(await mkdtemp(join(tmpdir(), 'serflow-default-')))
  asked = []
})
afterEach(() => rm(data.root, { recursive: true, force: true }))

function choose(
  options: { fault?: Error; set?: string[]; mayFetch?: boolean; offline?: boolean } = {},
) {
  const { fault, set = [], mayFetch = true, offline = false } = options
  const fetch = async ({ corpus }: Archive, answerSeconds: number) => {
    asked.push([corpus, answerSeconds])
    if (fault) throw fault
  }
  return defaultCorpus(data, { set, mayFetch, offline, fetch })
}

async function put(path: string): Promise<void> {
  const full = join(data.root, path)
  await mkdir(join(full, '..'), { recursive: true })
  await writeFile(full, 'x')
}

const kindOf = async (choice: ReturnType<typeof choose>) => (await choice).settings.corpus

test.each(['Actor_01/a.wav', 'a.WAV', 'audio_speech_actors_01-24/Actor_01/a.flac'])(
  'RAVDESS that is there (%s) is used and nothing is fetched',
  async (path) => {
    await put(`raw/ravdess/${path}`)
    expect(await kindOf(choose())).toEqual({ kind: 'ravdess' })
    expect(asked).toEqual([])
  },
)

test('RAVDESS that is not there is fetched', async () => {
  await put('raw/ravdess/notes.txt')
  await put('raw/ravdess/.litter/a.wav')
  expect(await kindOf(choose())).toEqual({ kind: 'ravdess' })
  expect(asked).toEqual([['ravdess', 10]])
})

test('without a network the sample corpus is used; with a sample run there already, sooner', async () => {
  const fault = new UnreachableError('zenodo.org cannot be reached: no way', { passing: true })
  const { settings, why } = await choose({ fault })
  expect(settings).toEqual({ corpus: { kind: 'sample' } })
  expect(why).toContain('cannot be fetched: zenodo.org cannot be reached: no way')
  await put('runs/sample/report.json')
  await choose({ fault })
  expect(asked.map(([, seconds]) => seconds)).toEqual([10, 2])
})

test('whatever else goes wrong with fetching is an error that names the way out', async () => {
  const wrongSum = choose({ fault: new InputError('has the MD5 1, expected 2') })
  await expect(wrongSum).rejects.toThrow(
    'has the MD5 1, expected 2 (--offline runs the built-in sample corpus instead)',
  )
  const notThere = choose({ fault: new InputError('answered 404; name another with --from') })
  await expect(notThere).rejects.toThrow(
    'with --from ("serflow fetch ravdess" takes --from; --offline runs the built-in',
  )
  await expect(choose({ fault: new TypeError('a defect') })).rejects.toThrow(TypeError)
})

test('offline, and for a plan, nothing is asked for', async () => {
  expect((await choose({ offline: true })).why).toContain('and this run is offline')
  expect((await choose({ mayFetch: false })).why).toContain(
    'would first try to fetch them (208 MB)',
  )
  expect(asked).toEqual([])
})

test('a corpus named on the command line has no default', async () => {
  for (const set of ['corpus.kind=emodb', 'corpus={kind: sample}', 'corpora=[{kind: tess}]']) {
    expect((await choose({ set: [set] })).settings).toEqual({})
  }
  expect(await kindOf(choose({ set: ['corpus.directory=/somewhere'] }))).toEqual({
    kind: 'ravdess',
  })
  expect(asked).toEqual([])
})

test('the environment variable for offline takes the usual words', () => {
  const offline = (value?: string) =>
    isOffline(value === undefined ? {} : { SERFLOW_OFFLINE: value })
  expect(['1', 'true', 'yes'].map(offline)).toEqual([true, true, true])
  expect(['', '0', 'false', 'no', undefined].map(offline)).toEqual(Array(5).fill(false))
})

test('a corpus that can be fetched and is not there is named; others are the reader’s business', async () => {
  const root = join(data.root, 'raw/emodb')
  await expect(checkThere({ kind: 'emodb' }, root)).rejects.toThrow(
    '"serflow fetch emodb" fetches them (40 MB)',
  )
  await checkThere({ kind: 'emodb', directory: '/elsewhere' }, root)
  await checkThere({ kind: 'emodb', name: 'mine' }, root)
  await checkThere({ kind: 'iemocap' }, root)
  await put('raw/emodb/wav/03a01Fa.wav')
  await checkThere({ kind: 'emodb' }, root)
})
