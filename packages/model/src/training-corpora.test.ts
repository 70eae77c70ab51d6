import { expect, test } from 'vitest'
import { utterance } from './clips.fixture.js'
import { trainingCorpora } from './training-corpora.js'

const speech = ['01', '02'].flatMap((speaker) =>
  ['sad', 'happy'].map((emotion) =>
    utterance(speaker, emotion, { corpus: 'speech', utteranceId: `speech/${speaker}-${emotion}` }),
  ),
)
const song = ['02', '03'].map((speaker) =>
  utterance(speaker, 'sad', { corpus: 'song', utteranceId: `song/${speaker}-sad` }),
)
const unread = utterance('04', 'sad', { corpus: 'song', utteranceId: null, status: 'unreadable' })
const manifest = [...speech, unread, ...song]
const idsOf = (rows: typeof manifest) => rows.map(({ utteranceId }) => utteranceId!)

test('each corpus has its speakers and utterances; who speaks in two counts once in all', () => {
  const trainedOn = idsOf([...song, ...speech])
  expect(trainingCorpora({ trainedOn }, manifest, true)).toEqual({
    speakers: 3,
    utterances: 6,
    corpora: [
      { corpus: 'speech', speakers: 2, utterances: 4 },
      { corpus: 'song', speakers: 2, utterances: 2 },
    ],
  })
})

test('only what was trained on counts, and unknown speakers are not counted', () => {
  const trainedOn = idsOf(speech.slice(0, 2))
  const corpora = [{ corpus: 'speech', speakers: null, utterances: 2 }]
  expect(trainingCorpora({ trainedOn }, manifest, false)).toEqual({
    speakers: null,
    utterances: 2,
    corpora,
  })
})

test('an utterance that the manifest lacks is a defect', () => {
  expect(() => trainingCorpora({ trainedOn: ['speech/09-sad'] }, manifest, true)).toThrow(
    'utterance speech/09-sad was trained on, but is not in the manifest',
  )
})
