import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { balanceTable, foldsTable, headWeights, type TrainingRecord } from '@serflow/core'
import { reportSchema } from '@serflow/evaluate'
import { sampleClip } from '@serflow/ingest'
import { expect, test } from 'vitest'
import { addRecordings, clip, passingFolder, sampleWorkspace, serflow } from './serflow.fixture.js'

const set = (...settings: readonly string[]) => settings.flatMap((each) => ['--set', each])

test('every protocol setting away from its default: groups, validation, stopping, copies, oversampling', async () => {
  const workspace = await sampleWorkspace(6, 8)
  const settings = set(
    'ingest.folds={scheme: k-speakers, folds: 2, validation: one-of-each-gender}',
    'ingest.augmentation={speeds: [], copies: ["gain=-6dB+noise=babble:10dB", "pitch=+2st+room=0.2s"]}',
    'ingest.balance.kind=oversampling',
    'model.train.stopping={patience: 1, by: loss}',
    'model.train.labels=shares',
  )
  const { status, stderr } = await workspace.run(...settings)
  expect(stderr).not.toMatch(/failed:/)
  expect(status).toBe(0)
  const { protocol, utterances } = await workspace.report()
  expect(protocol.foldScheme).toBe(
    '2 folds by speaker, each tested on 3 speakers, 2 validation speakers held out in each',
  )
  expect(protocol.selection).toMatch(/^the epoch, by 2 validation speakers of each fold/)
  expect(protocol.augmentation).toBe(
    'copies gain=-6dB+noise=babble:10dB, pitch=+2st+room=0.2s of the training clips, one variant drawn a clip and epoch',
  )
  expect(protocol.sentences).toMatch(/on both sides/)
  expect(utterances).toBe(48)

  const folds = await workspace.artefact('folds', foldsTable)
  const head = await workspace.artefact('train[fold=1,seed=0]', headWeights)
  const { trainedOn, validatedOn, epoch, validation } = head.settings as TrainingRecord
  const partOf = new Map(
    folds.filter((row) => row.fold === 1).map((row) => [row.speakerId, row.part]),
  )
  const speakerOf = (id: string) => id.split('-').at(-1)!
  expect(trainedOn.every((id) => partOf.get(speakerOf(id)) === 'train')).toBe(true)
  expect(validatedOn.every((id) => partOf.get(speakerOf(id)) === 'validation')).toBe(true)
  expect([trainedOn.length, validatedOn.length]).toEqual([8, 16])
  expect(validation!.lossByEpoch[epoch - 1]).toBe(Math.min(...validation!.lossByEpoch))
  const rows = await workspace.artefact('balance', balanceTable)
  expect(new Set(rows.filter(({ fold }) => fold === 1).map(({ draws }) => draws)).size).toBe(1)

  const again = await workspace.run(...settings)
  expect(again.summary).toMatchObject({ executed: 0 })
})

test('neither speaker nor sentence of a test is trained on', async () => {
  const workspace = await sampleWorkspace(4, 16)
  const { status } = await workspace.run(...set('ingest.folds={scheme: by-sentence, folds: 2}'))
  expect(status).toBe(0)
  const { protocol, utterances } = await workspace.report()
  expect(protocol).toMatchObject({
    foldScheme: '4 folds, each tested on 2 speakers and on sentences it is not trained on',
    sentences: 'no sentence is on both sides of a fold',
    speakersIndependent: true,
  })
  expect(utterances).toBe(64)
})

test('random clips are stamped in the report, on its page and on the console', async () => {
  const workspace = await sampleWorkspace(3, 8)
  const { status, stdout, stderr } = await workspace.run(
    ...set('ingest.folds={scheme: random-clips, folds: 2, seed: 3}', 'ingest.balance.kind=draws'),
  )
  expect(status).toBe(0)
  const { protocol, uar, warnings } = await workspace.report()
  expect(protocol.speakersIndependent).toBe(false)
  expect(protocol.foldScheme).toMatch(/speakers are on both sides, not speaker-independent/)
  expect(uar).toMatchObject({ low: null, high: null })
  expect(warnings.join('\n')).toMatch(
    /Not speaker-independent: speakers are in training and in test/,
  )
  expect((await workspace.result('report.html')).toString()).toMatch(/not speaker-independent/i)
  expect(stdout + stderr).toMatch(/not speaker-independent/i)
  expect(stdout + stderr).not.toMatch(/never heard that speaker/)
})

test('a division of the user’s own from a table', async () => {
  const workspace = await sampleWorkspace(3, 4)
  await writeFile(join(workspace.folder, 'folds.csv'), 'speaker,fold\n03,1\n01,2\n02,2\n')
  const args = set('ingest.folds={scheme: table, table: folds.csv}')
  expect((await workspace.run('ingest', ...args)).status).toBe(0)
  const tested = (await workspace.artefact('folds', foldsTable)).filter(
    ({ part }) => part === 'test',
  )
  expect(tested.map(({ fold, speakerId }) => `${fold}:${speakerId}`)).toEqual([
    '0:03',
    '1:01',
    '1:02',
  ])
  await writeFile(join(workspace.folder, 'folds.csv'), 'speaker,fold\n03,1\n01,2\n')
  const { status, stderr } = await workspace.run('ingest', ...args)
  expect(status).not.toBe(0)
  expect(stderr).toMatch(/does not hold the speakers 02/)
})

test('an own division names nobody who is not there; whom a filter leaves out is noted', async () => {
  const workspace = await sampleWorkspace(3, 4)
  const list = 'ingest.folds={scheme: list, list: [["01"], ["02"], ["03"]]}'
  const filtered = await workspace.run(
    'folds',
    ...set(list, 'corpus.where={speaker: ["01", "02"]}'),
  )
  expect(filtered.status, filtered.stderr).toBe(0)
  expect(filtered.stderr).toMatch(/^note: folds: nothing is left of 03 by corpus.where or/m)
  const folds = await workspace.artefact('folds', foldsTable)
  expect(new Set(folds.map(({ speakerId }) => speakerId))).toEqual(new Set(['01', '02']))
  await writeFile(join(workspace.folder, 'folds.csv'), 'speaker,fold\n01,1\n02,2\n03,2\nzz,2\n')
  const { status, stderr } = await workspace.run(
    'folds',
    ...set('ingest.folds={scheme: table, table: folds.csv}'),
  )
  expect(status).toBe(2)
  expect(stderr).toMatch(
    /folds.table names zz, whom this corpus lacks; it has the speakers 01, 02, 03/,
  )
})

test('the parts and the votes that a table gives: validation speakers choose, shares are taught', async () => {
  const folder = await passingFolder('serflow tàble ')
  const parts = ['train', 'train', 'validation', 'test', 'test']
  const lines = parts.flatMap((part, index) =>
    ['01', '03'].map((emotion) => {
      const name = `03-01-${emotion}-01-01-01-0${index + 1}`
      return { name, line: `${name}.wav,s${index},${part},${emotion === '01' ? 1 : 3},2` }
    }),
  )
  await mkdir(join(folder, 'raw/table'), { recursive: true })
  for (const { name } of lines) {
    await writeFile(join(folder, `raw/table/${name}.wav`), sampleClip(name))
  }
  const table = ['file,speaker,split,vote_happy,vote_neutral', ...lines.map(({ line }) => line), '']
  await writeFile(join(folder, 'raw/table/table.csv'), table.join('\n'))
  const run = async (labels: string) => {
    const config = join(folder, `${labels}.yaml`)
    await writeFile(
      config,
      `name: ${labels}
corpus: { kind: table }
ingest: { folds: { scheme: split }, augmentation: { speeds: [0.9] } }
model:
  backbone: { layers: [stage1], rows: 1 }
  train: { projection: 8, hidden: 4, dense: 4, epochs: 6, labels: ${labels}, stopping: { patience: 6 } }
`,
    )
    const outcome = await serflow('run', '--json', '--config', config, '--data', folder)
    expect(outcome.status, outcome.stderr).toBe(0)
    const text = await readFile(join(folder, `runs/${labels}/report.json`), 'utf8')
    const predictions = await readFile(join(folder, `runs/${labels}/predictions.parquet`))
    return { report: reportSchema.parse(JSON.parse(text)), predictions }
  }
  const majority = await run('majority')
  const shares = await run('shares')
  expect(shares.report).toMatchObject({ utterances: 4, speakers: 2 })
  expect(shares.report.protocol).toMatchObject({
    folds: 1,
    foldScheme:
      'one division: trained on 2 speakers, tested on 2, 1 validation speaker held out in each',
  })
  expect(shares.report.protocol.selection).toMatch(/^the epoch, by 1 validation speaker/)
  expect(shares.report.perFold[0]!.speakerIds).toEqual(['s3', 's4'])
  expect(shares.predictions.equals(majority.predictions)).toBe(false)
  // The ridge baseline is taught the same, and scored against the same emotions.
  expect(shares.report.baselines[0]!.uar).toEqual(majority.report.baselines[0]!.uar)
})

test.each<[string, readonly string[], RegExp]>([
  ['an effect that is none', ['ingest.augmentation.copies=["echo=1s"]'], /"echo=1s" is no effect/],
  [
    'a copy twice',
    ['ingest.augmentation={speeds: [0.9], copies: [speed=0.9]}'],
    /speed=0.9 stands there twice/,
  ],
  [
    'stopping without validation',
    ['model.train.stopping={patience: 2}'],
    /set ingest.folds.validation to one-of-each-gender/,
  ],
  [
    'sessions that are not known',
    ['ingest.folds.scheme=leave-one-session-out'],
    /has recordings without a session/,
  ],
  [
    'one corpus across corpora',
    ['ingest.folds.scheme=cross-corpus'],
    /cross-corpus needs two corpora/,
  ],
])('%s is refused before anything runs', async (_, settings, message) => {
  const workspace = await sampleWorkspace(2, 2)
  const { status, stderr, executed } = await workspace.run(...set(...settings))
  expect(status).not.toBe(0)
  expect(stderr).toMatch(message)
  expect(executed).toEqual([])
})

test('the same recording under two speakers stops the run and names both files', async () => {
  const workspace = await sampleWorkspace(2, 2)
  const name = '03-01-05-01-01-01-01.wav'
  await addRecordings(workspace, { 'Actor_02/03-01-05-01-01-01-02.wav': clip(name) })
  await addRecordings(workspace, { [`Actor_01/${name}`]: clip(name) })
  const { status, stderr } = await workspace.run()
  expect(status).not.toBe(0)
  expect(stderr).toMatch(/03-01-05-01-01-01-01.wav.*03-01-05-01-01-01-02.wav/)
})
