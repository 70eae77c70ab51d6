import { expect, test } from 'vitest'
import { corpora } from './index.js'
import { applyLabels, labelMapVersions } from './labels.js'
import { corpusFolder } from './folder.js'

/*
 * What a version of labels means. Whoever changes one of these changes the version beside it: two reports with one
 * version have the same labels.
 */
const versions: Readonly<Record<string, readonly [version: number, classes: string]>> = {
  ravdess: [1, 'neutral, calm, happy, sad, angry, fearful, disgust, surprised'],
  emodb: [1, 'anger, boredom, disgust, fear, happiness, sadness, neutral'],
  iemocap: [1, 'neutral, happy, sad, angry'],
  'crema-d': [1, 'anger, disgust, fear, happy, neutral, sad'],
  tess: [1, 'neutral, happy, sad, angry, fear, disgust, pleasant surprise'],
  savee: [1, 'anger, disgust, fear, happiness, neutral, sadness, surprise'],
  sample: [1, 'neutral, calm, happy, sad, angry, fearful, disgust, surprised'],
}

test('the labels of each published corpus, in their order, belong to a version', async () => {
  const empty = corpusFolder('/made', [], () => Promise.reject(new Error('nothing is read')))
  const published = Object.values(corpora).filter(({ own }) => !own)
  const found = await Promise.all(
    published.map(async (module) => {
      const { classes } = await module.list(empty, {})
      return [module.name, [module.labelsVersion, classes.join(', ')]] as const
    }),
  )
  expect(Object.fromEntries(found)).toEqual(versions)
})

/** All words of the published corpora, and those that the maps know beside them. */
const words = [
  ...new Set(Object.values(versions).flatMap(([, classes]) => classes.split(', '))),
  ...'neutrality calmness joy disgusted frustration frustrated excitement excited bored other'.split(
    ' ',
  ),
]

function mapped(map: keyof typeof labelMapVersions): Readonly<Record<string, string | null>> {
  return Object.fromEntries(
    words.map((word) => {
      const utterances = [{ file: 'a', utteranceId: 'a', speakerId: '1', emotion: word }]
      // The other two, so that at least two classes are left.
      const classes = [...new Set([word, 'sad', 'angry'])]
      const { utterances: used } = applyLabels('made', { classes, utterances, others: [] }, map)
      return [word, used[0]?.emotion ?? null]
    }),
  )
}

const common = {
  neutral: 'neutral',
  calm: 'calm',
  happy: 'happy',
  sad: 'sad',
  angry: 'angry',
  fearful: 'fearful',
  disgust: 'disgust',
  surprised: 'surprised',
  anger: 'angry',
  boredom: 'bored',
  fear: 'fearful',
  happiness: 'happy',
  sadness: 'sad',
  'pleasant surprise': 'surprised',
  surprise: 'surprised',
  neutrality: 'neutral',
  calmness: 'calm',
  joy: 'happy',
  disgusted: 'disgust',
  frustration: 'frustrated',
  frustrated: 'frustrated',
  excitement: 'excited',
  excited: 'excited',
  bored: 'bored',
  other: 'other',
}

test('what each named map makes of each word belongs to its version', () => {
  expect(labelMapVersions).toEqual({ common: 1, four: 1 })
  expect(mapped('common')).toEqual(common)
  const four = Object.entries(common).map(([word, label]) => {
    const merged = label === 'excited' ? 'happy' : label
    return [word, ['neutral', 'happy', 'sad', 'angry'].includes(merged) ? merged : null]
  })
  expect(mapped('four')).toEqual(Object.fromEntries(four))
})
