import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { exampleCorpus } from './adding.fixture.js'
import { corpusFolder } from './folder.js'
import { corpora } from './index.js'
import { corpusSettingsOf } from './settings.js'

const page = readFileSync(new URL('../../../../docs/corpora.md', import.meta.url), 'utf8')

test('the example in docs/corpora.md is the one that is tested here', () => {
  const source = readFileSync(new URL('adding.fixture.ts', import.meta.url), 'utf8')
  expect(page).toContain('```ts\n' + source + '```')
  expect(source.split('\n').length).toBeLessThan(50)
})

test('the example sorts names into utterances and others', async () => {
  const paths = ['audio/f03_07_H_a.wav', 'audio/m01_02_N_c.wav', 'audio/m01_02_X_a.wav', 'a.txt']
  const folder = corpusFolder('', paths, async () => new Uint8Array())
  const { classes, utterances, others } = await exampleCorpus.list(folder, { takes: ['a'] })
  expect(classes).toEqual(['neutral', 'happy', 'sad'])
  expect(utterances).toEqual([
    {
      file: 'audio/f03_07_H_a.wav',
      utteranceId: 'f03_07_H_a',
      speakerId: 'f03',
      gender: 'female',
      emotion: 'happy',
      sentence: '07',
      attributes: { take: 'a' },
    },
  ])
  expect(others.map(({ status, note }) => `${status}: ${note}`)).toEqual([
    'skipped: not a sound file',
    'skipped: take c',
    'rejected: emotion is "X", expected N, H or S',
  ])
})

test('its settings are checked like those of any corpus', () => {
  const settings = corpusSettingsOf([exampleCorpus])
  expect(settings.safeParse({ kind: 'example', takes: ['b'], labels: { sad: null } }).success).toBe(
    true,
  )
  expect(settings.safeParse({ kind: 'example', take: 'b' }).success).toBe(false)
})

test('docs/corpora.md names every corpus and every label of it', async () => {
  const folder = corpusFolder('', [], async () => new Uint8Array())
  for (const [kind, { list, own }] of Object.entries(corpora)) {
    expect(page).toContain(`\`${kind}\``)
    if (own || kind === 'sample') continue
    for (const label of (await list(folder)).classes) expect(page, kind).toContain(label)
  }
})
