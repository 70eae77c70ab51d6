import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { manifestTable, random } from '@serflow/core'
import { reportSchema, type Report } from '@serflow/evaluate'
import { encodeWav } from '@serflow/ingest'
import { beforeAll, expect, test } from 'vitest'
import { passingFolder, projectRoot, serflow } from './serflow.fixture.js'

let data = ''
beforeAll(async () => {
  data = await passingFolder('serflow cörpora データ ')
})

/** The smallest run: one training speaker's copies, a head of a few units, two epochs. */
const small = `
ingest: { augmentation: { speeds: [] }FOLDS }
model:
  backbone: { layers: [stage1], rows: 1 }
  train: { projection: 4, hidden: 4, dense: 4, epochs: 1 }
`

/** Half a second of a tone with noise, another for each name. */
function tone(name: string, seconds = 0.5): Uint8Array {
  const draws = random('tone', name)
  const step = 0.03 + 0.2 * draws.uniform()
  const samples = Float32Array.from(
    { length: seconds * 16000 },
    (_, i) => 0.3 * Math.sin(step * i) + 0.01 * draws.normal(),
  )
  return encodeWav({ samples, sampleRateHz: 16000 })
}

type Files = Readonly<Record<string, string | Uint8Array | null>>

/** Writes files below raw/; null is a tone. */
async function write(folder: string, files: Files): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const full = join(data, 'raw', folder, path)
    await mkdir(dirname(full), { recursive: true })
    await writeFile(full, content ?? tone(path))
  }
}

const tones = (paths: readonly string[]): Files =>
  Object.fromEntries(paths.map((path) => [path, null]))

/** Runs the pipeline with a corpus's settings; every run must end well and be cached whole. */
async function runOf(name: string, corpus: string, { folds = '' } = {}) {
  const config = join(data, `${name}.yaml`)
  const more = folds === '' ? '' : `, folds: ${folds}`
  await writeFile(config, `name: ${name}\n${corpus}${small.replace('FOLDS', more)}`)
  const args = ['run', '--json', '--config', config, '--data', data]
  const outcome = await serflow(...args)
  expect(outcome.stderr).not.toMatch(/^\s+at /m)
  expect(outcome.status, outcome.stderr).toBe(0)
  const report: Report = reportSchema.parse(
    JSON.parse(await readFile(join(data, 'runs', name, 'report.json'), 'utf8')),
  )
  const page = await readFile(join(data, 'runs', name, 'report.html'), 'utf8')
  return { report, page, stderr: outcome.stderr, args }
}

const truths = ({ perCorpus }: Report) => perCorpus.map(({ byClass }) => byClass)

test('EMO-DB, with its label files beside the sound', async () => {
  const names = ['03a01Wa', '03a02Na', '08a01Wa', '08a02Na', '09b01Wb', '09b01Nb']
  await write('emodb', {
    ...tones(names.map((name) => `wav/${name}.wav`)),
    'erkennung.txt': 'Satz\terkannt\n03a01Wa.wav\t95,00\n',
    'silb/03a01Wa.silb': '0.1 a\n',
  })
  const { report, page } = await runOf('emodb', 'corpus: { kind: emodb }')
  expect(report).toMatchObject({ corpus: 'emodb', utterances: 6, speakers: 3, skipped: [] })
  expect(truths(report)[0]).toMatchObject({ anger: 3, neutral: 3, boredom: 0 })
  expect(report.perSpeaker.map(({ gender }) => gender)).toEqual(['male', 'female', 'female'])
  expect(page).toContain('Burkhardt')
})

test('IEMOCAP: four classes by the summaries, all else counted; sessions as folds', async () => {
  const turns = (name: string, labels: readonly string[]) => {
    const session = `Session${name[4]}`
    const lines = labels.map((label, i) => {
      const turn = `${name}_${i % 2 ? 'F' : 'M'}00${i}`
      return [turn, `[${i}.0 - ${i}.9]\t${turn}\t${label}\t[2.5, 2.5, 2.5]\nC-E1:\tAnger;\t()\n\n`]
    })
    return {
      [`${session}/dialog/EmoEvaluation/${name}.txt`]: `% header\n\n${lines.map(([, line]) => line).join('')}`,
      [`${session}/dialog/EmoEvaluation/._${name}.txt`]: '\0\u0005\u0016\u0007',
      ...tones(lines.map(([turn]) => `${session}/sentences/wav/${name}/${turn}.wav`)),
    }
  }
  await write('iemocap', {
    ...turns('Ses01F_impro01', ['neu', 'exc', 'ang', 'xxx', 'hap', 'fru']),
    ...turns('Ses05M_script01_1b', ['neu', 'hap', 'sad', 'ang', 'oth']),
  })
  const { report, page, stderr } = await runOf('iemocap', 'corpus: { kind: iemocap }', {
    folds: '{ scheme: leave-one-session-out }',
  })
  expect(report.provenance.corpora[0]!.labelChanges).toEqual([
    { label: 'excited', countsAs: 'happy', byDefault: true, utterances: 1 },
  ])
  const merged = 'Labels of iemocap are merged by default: excited counts as happy (1 utterance).'
  expect(report.warnings).toContain(merged)
  expect(stderr).toContain(merged)
  expect(page).toContain(
    '<dd>those of the corpus, version 1, excited counts as happy (1 utterance)</dd>',
  )
  expect(report).toMatchObject({
    utterances: 8,
    speakers: 4,
    classes: ['neutral', 'happy', 'sad', 'angry'],
  })
  expect(truths(report)).toEqual([{ neutral: 2, happy: 3, sad: 1, angry: 2 }])
  expect(report.perFold.map(({ speakerIds }) => speakerIds)).toEqual([
    ['Ses01F', 'Ses01M'],
    ['Ses05F', 'Ses05M'],
  ])
  expect(report.skipped.map(({ note }) => note).sort()).toEqual([
    'label fru: frustrated',
    'label oth: other',
    'label xxx: no majority',
  ])
})

test.each([
  [
    'crema-d',
    2,
    ['1001', '1002'].flatMap((who) =>
      ['ANG', 'SAD'].map((what) => `AudioWAV/${who}_DFA_${what}_XX.wav`),
    ),
  ],
  [
    'tess',
    2,
    ['OAF', 'YAF'].flatMap((who) =>
      ['angry', 'ps'].map((what) => `${who}_${what}/${who}_back_${what}.wav`),
    ),
  ],
  [
    'savee',
    2,
    ['DC', 'KL'].flatMap((who) => ['a01', 'sa02'].map((what) => `AudioData/${who}/${what}.wav`)),
  ],
])('%s', async (kind, speakers, paths) => {
  await write(kind, tones(paths))
  const { report } = await runOf(kind, `corpus: { kind: ${kind} }`)
  expect(report).toMatchObject({ corpus: kind, utterances: 4, speakers, skipped: [] })
})

test('own data: many utterances of one recording by a table, soft labels, a filter, a cut outside the sound', async () => {
  await write('mine', {
    'täble.csv':
      'file,speaker,start,end,votes,age\n' +
      'gespräch.wav,anna,0,0.5,froh:3;müde:1,30\ngespräch.wav,bert,0.4,1.0,müde:2,40\n' +
      'gespräch.wav,anna,1,1.5,müde,30\ngespräch.wav,bert,1.5,,froh,40\n' +
      'gespräch.wav,anna,0.1,0.2,froh;müde,30\ngespräch.wav,anna,0.1,0.3,froh,70\n' +
      'gespräch.wav,bert,9,9.5,froh,40\n',
    'gespräch.wav': tone('talk', 2),
  })
  const corpus =
    'corpus: { kind: table, name: mine, where: { age: { max: 60 } }, allowUnreadable: true, licence: internal }'
  const { report, page } = await runOf('mine', corpus)
  expect(report).toMatchObject({
    corpus: 'mine',
    utterances: 4,
    speakers: 2,
    classes: ['froh', 'müde'],
  })
  expect(truths(report)).toEqual([{ froh: 2, müde: 2 }])
  expect(report.skipped.map(({ status, note }) => `${status}: ${note}`).sort()).toEqual([
    'skipped: left out by corpus.where: age is not at most 60',
    'skipped: no majority of votes',
    expect.stringMatching(
      /^unreadable: "gespräch.wav" ends at 2 s, before the utterance that begins at 9 s/,
    ),
  ])
  expect(page).toContain('internal')
  const latest = JSON.parse(await readFile(join(data, 'cache/latest/mine.json'), 'utf8')) as Record<
    string,
    string
  >
  const record = JSON.parse(
    await readFile(join(data, `cache/records/${latest.corpus}.json`), 'utf8'),
  ) as {
    output: { digest: string }
  }
  const { digest } = record.output
  const rows = await manifestTable.decode(
    await readFile(join(data, `cache/objects/${digest.slice(0, 2)}/${digest}.parquet`)),
  )
  const used = rows.filter(({ status }) => status === 'used')
  expect(
    used.map(({ utteranceId, durationSeconds, labelShares }) => [
      utteranceId,
      durationSeconds,
      labelShares,
    ]),
  ).toEqual([
    ['gespräch@0000', 0.5, '{"froh":0.75,"müde":0.25}'],
    ['gespräch@0000.4', 0.6, '{"müde":1}'],
    ['gespräch@0001', 0.5, '{"müde":1}'],
    ['gespräch@0001.5', 0.5, '{"froh":1}'],
  ])
})

test('a label that changes runs what depends on it, and nothing is read for what does not', async () => {
  const table = join(data, 'raw/mine/täble.csv')
  const args = ['run', '--json', '--config', join(data, 'mine.yaml'), '--data', data]
  expect((await serflow(...args)).summary).toMatchObject({ executed: 0 })
  const text = await readFile(table, 'utf8')
  await writeFile(table, text.replace('bert,0.4,1.0,müde:2', 'bert,0.4,1.0,froh:2'))
  const { executed } = await serflow(...args)
  expect(executed).toContain('manifest[speaker=bert]')
  expect(executed).toContain('corpus')
  expect(executed).not.toContain('manifest[speaker=anna]')
  expect(executed).not.toContain('log-mel[speaker=anna]')
})

test('an audformat database', async () => {
  const golden = join(projectRoot, 'tests/golden/corpora/emodb')
  const tables = ['db.yaml', 'db.emotion.csv', 'db.files.csv']
  const texts = await Promise.all(
    tables.map(async (name) => [name, await readFile(join(golden, name))] as const),
  )
  await write('audformat', {
    ...Object.fromEntries(texts),
    ...tones(['wav/03a01Fa.wav', 'wav/08a02Na.wav', 'wav/08a01Wa.wav']),
  })
  const { report } = await runOf('audformat', 'corpus: { kind: audformat }')
  expect(report).toMatchObject({ utterances: 3, speakers: 2 })
  expect(report.provenance.corpora[0]).toMatchObject({ licence: 'CC0-1.0' })
})

test('recordings in folders without speakers: refused, or on request by recording with a stamp everywhere', async () => {
  await write(
    'ordner',
    tones(
      ['happy', 'sad'].flatMap((label) => [1, 2, 3, 4].map((i) => `${label}/Aufnahme ${i}.wav`)),
    ),
  )
  const config = join(data, 'refused.yaml')
  await writeFile(config, 'corpus: { kind: folders, name: ordner }\n')
  const refused = await serflow('run', '--config', config, '--data', data)
  expect(refused.status).toBe(2)
  expect(refused.stderr).toMatch(/set corpus.speakers: unknown/)
  const corpus = 'corpus: { kind: folders, name: ordner, speakers: unknown }'
  const { report, page, stderr } = await runOf('ordner', corpus, { folds: '{ folds: 2 }' })
  expect(report).toMatchObject({ utterances: 8, speakers: 0, perSpeaker: [] })
  expect(report.protocol).toMatchObject({ speakersIndependent: false, folds: 2 })
  expect(report.uar).toMatchObject({ low: null, high: null })
  expect(report.warnings.join(' ')).toContain('not speaker-independent')
  expect(stderr).toContain('NOT speaker-independent')
  expect(page).toContain('Not speaker-independent')
  expect(page).not.toContain('never heard its speaker')
})

test('two corpora at once: trained on one and tested on the other, each named with its licence', async () => {
  const codes = ['01', '03', '04', '05']
  await write(
    'ravdess',
    tones(
      ['01', '02'].flatMap((who) =>
        codes.map((code) => `Actor_${who}/03-01-${code}-01-01-01-${who}.wav`),
      ),
    ),
  )
  const corpora =
    'corpora:\n- { kind: ravdess, labels: four }\n- { kind: emodb, name: german, directory: raw/emodb, labels: four }\n'
  const { report, page } = await runOf('both', corpora, {
    folds: '{ scheme: cross-corpus, trainOn: [ravdess], testOn: [german] }',
  })
  expect(report.corpus).toBe('ravdess+german')
  expect(report.classes).toEqual(['neutral', 'happy', 'sad', 'angry'])
  expect(
    report.perCorpus.map(({ corpus, speakers, utterances }) => [corpus, speakers, utterances]),
  ).toEqual([
    ['german', 3, 6],
    ['ravdess', 2, 8],
  ])
  expect(report.perFold.map(({ speakerIds }) => speakerIds)).toEqual([
    ['emodb/03', 'emodb/08', 'emodb/09'],
  ])
  for (const text of [
    'CC BY-NC-SA 4.0',
    'CC BY 4.0',
    'Livingstone',
    'Burkhardt',
    'the map &quot;four&quot;',
  ]) {
    expect(page).toContain(text)
  }
  // Each corpus by itself has made most of this already; names differ, sounds do not.
  const differ = join(data, 'differ.yaml')
  await writeFile(differ, 'corpora: [{ kind: ravdess }, { kind: emodb }]\n')
  const { status, stderr } = await serflow('plan', '--config', differ, '--data', data)
  expect(status).toBe(2)
  expect(stderr).toMatch(
    /^corpora: their classes differ: ravdess has neutral, calm, .*; emodb has anger/,
  )
})
