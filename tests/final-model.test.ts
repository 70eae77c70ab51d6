import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { sampleClip } from '@serflow/ingest'
import { readModelMetadata } from '@serflow/tfjs-onnx'
import { expect, test } from 'vitest'
import { passingFolder, serflow } from './serflow.fixture.js'

const tiny = `
model:
  backbone: { layers: [stage1], rows: 1 }
  train: { projection: 4, hidden: 4, dense: 4, epochs: 1 }
`

/** Writes synthetic speech under each path, another voice for each. */
async function writeSounds(folder: string, paths: readonly string[]): Promise<void> {
  for (const [index, path] of paths.entries()) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    const number = String(index + 1).padStart(2, '0')
    await writeFile(join(folder, path), sampleClip(`03-01-01-01-01-01-${number}`))
  }
}

/** Runs with the settings in a folder, and reads what the exported model says of itself. */
async function cardOf(folder: string, corpora: string, folds: string) {
  const config = join(folder, 'run.yaml')
  const ingest = `ingest: { augmentation: { speeds: [] }, folds: ${folds} }`
  await writeFile(config, `name: run\n${corpora}\n${ingest}${tiny}`)
  const { status, stderr } = await serflow('run', '--config', config, '--data', folder)
  expect(status, stderr).toBe(0)
  return readModelMetadata(await readFile(join(folder, 'runs/run/model.onnx')))
}

test('across corpora the exported model is of all of them, whatever the folds train on, and says so', async () => {
  const folder = await passingFolder('serflow córpora ')
  await writeSounds(join(folder, 'raw'), [
    ...['03a01Wa', '03a01Na', '08a01Wa', '08a01Na'].map((name) => `one/${name}.wav`),
    ...['08b01Wa', '08b01Na'].map((name) => `two/${name}.wav`),
    ...['09a01Wa', '09a01Na', '10a01Na'].map((name) => `three/${name}.wav`),
  ])
  const corpora = ['one', 'two', 'three'].map(
    (name) => `- { kind: emodb, name: ${name}, directory: raw/${name} }`,
  )
  const card = await cardOf(
    folder,
    `corpora:\n${corpora.join('\n')}`,
    '{ scheme: cross-corpus, trainOn: [one], testOn: [three] }',
  )
  const trainedOn = JSON.parse(card.trainedOn!) as readonly unknown[]
  expect(trainedOn).toHaveLength(3)
  expect(trainedOn).toEqual(
    expect.arrayContaining([
      { corpus: 'one', speakers: 2, utterances: 4 },
      { corpus: 'two', speakers: 1, utterances: 2 },
      { corpus: 'three', speakers: 2, utterances: 3 },
    ]),
  )
  // Speaker 08 of EMO-DB is heard in two of them.
  expect(card).toMatchObject({ speakers: '4', utterances: '9' })
  expect(card.measured).toMatch(/^nothing: this model was trained on every utterance of trainedOn/)
})

test('with the split that a corpus comes with, the exported model is of the tested part too', async () => {
  const folder = await passingFolder('serflow splít ')
  const rows = ['anna', 'bert', 'cleo'].flatMap((speaker, index) =>
    ['froh', 'müde'].map((emotion) => ({
      file: `${speaker}-${emotion}.wav`,
      line: `${speaker}-${emotion}.wav,${speaker},${emotion},${index < 2 ? 'train' : 'test'}\n`,
    })),
  )
  await writeSounds(
    join(folder, 'raw/mine'),
    rows.map(({ file }) => file),
  )
  const lines = rows.map(({ line }) => line).join('')
  await writeFile(join(folder, 'raw/mine/table.csv'), `file,speaker,emotion,split\n${lines}`)
  const corpus = 'corpus: { kind: table, name: mine }'
  const card = await cardOf(folder, corpus, '{ scheme: split }')
  expect(JSON.parse(card.trainedOn!)).toEqual([{ corpus: 'mine', speakers: 3, utterances: 6 }])
  expect(card).toMatchObject({ speakers: '3', utterances: '6', epochs: '1' })
})
