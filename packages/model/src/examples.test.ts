import { InputError, type ClipTensor, type ManifestRow } from '@serflow/core'
import { expect, test } from 'vitest'
import { embeddings, utterance } from './clips.fixture.js'
import { examplesOf } from './examples.js'

const classes = ['sad', 'happy']
const placed = (row: ManifestRow) =>
  embeddings([row]).clips.map((clip: ClipTensor) => ({
    clip,
    utterance: { ...row, utteranceId: row.utteranceId!, speakerId: row.speakerId! },
  }))

test('an example is an utterance with its original first', () => {
  const [example, ...others] = examplesOf(placed(utterance('01', 'happy')), classes, 'majority')
  expect(others).toEqual([])
  expect(example).toMatchObject({ utteranceId: '01-happy', label: 1 })
  expect(example!.variants.map((values) => values[2])).toEqual([0, 1])
})

test('shares are of the classes alone, and only where they are asked for', () => {
  const labelShares = '{"happy":0.5,"sad":0.25,"bored":0.25}'
  const clips = placed(utterance('01', 'happy', { labelShares }))
  expect(examplesOf(clips, classes, 'shares')[0]!.shares).toEqual([1 / 3, 2 / 3])
  expect(examplesOf(clips, classes, 'majority')[0]).not.toHaveProperty('shares')
  const without = placed(utterance('01', 'happy'))
  expect(examplesOf(without, classes, 'shares')[0]).not.toHaveProperty('shares')
  const foreign = placed(utterance('01', 'happy', { labelShares: '{"bored":1}' }))
  expect(examplesOf(foreign, classes, 'shares')[0]).not.toHaveProperty('shares')
})

test.each(['[1]', 'x', '{"happy":-1}', '{"happy":"many"}'])(
  'the shares %s are an error',
  (labelShares) => {
    const clips = placed(utterance('01', 'happy', { labelShares }))
    expect(() => examplesOf(clips, classes, 'shares')).toThrow(InputError)
    expect(() => examplesOf(clips, classes, 'shares')).toThrow(/"01\/happy.wav" has the shares/)
  },
)

test.each(['bored', null])('the emotion %s, which is no class, is an error', (emotion) => {
  expect(() => examplesOf(placed(utterance('01', emotion)), classes, 'majority')).toThrow(
    /has the emotion .*expected one of sad, happy/,
  )
})
