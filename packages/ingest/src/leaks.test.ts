import { InputError, type FoldRow } from '@serflow/core'
import { expect, test } from 'vitest'
import { checkLeaks } from './leaks.js'
import { utterance } from './stages/stage.fixture.js'

const folds: FoldRow[] = ['01', '02', '03'].map((speakerId, index) => ({
  fold: 0,
  speakerId,
  utteranceId: null,
  part: (['train', 'validation', 'test'] as const)[index]!,
}))
const corpus = ['01', '02', '03'].map((speakerId) => utterance(speakerId, 'sad'))

test('sounds that are all different, or equal within one part, are no leak', () => {
  const again = utterance('01', 'happy', {
    sameSoundAs: corpus[0]!.utteranceId,
    samplesDigest: corpus[0]!.samplesDigest,
  })
  expect(() => checkLeaks([...corpus, again], folds)).not.toThrow()
})

test.each([
  ['03', '01', /are the same sound, the one in test, the other in training of fold 0/],
  ['01', '02', /the one in training, the other in validation/],
  ['02', '03', /the one in validation, the other in test/],
])(
  'one sound of %s under a name of %s is an error that names both files',
  (own, other, message) => {
    const sound = corpus.find(({ speakerId }) => speakerId === own)!
    const copy = utterance(other, 'happy', {
      sameSoundAs: sound.utteranceId,
      samplesDigest: sound.samplesDigest,
    })
    expect(() => checkLeaks([...corpus, copy], folds)).toThrow(InputError)
    expect(() => checkLeaks([...corpus, copy], folds)).toThrow(message)
    expect(() => checkLeaks([...corpus, copy], folds)).toThrow(`"${sound.file}" and "${copy.file}"`)
  },
)

test('one sound in two utterances of one speaker leaks where a fold divides utterances', () => {
  const [first] = corpus
  const second = utterance('01', 'happy', {
    sameSoundAs: first!.utteranceId,
    samplesDigest: first!.samplesDigest,
  })
  const divided: FoldRow[] = [first!, second].map(({ utteranceId }, index) => ({
    fold: 0,
    speakerId: '01',
    utteranceId,
    part: index === 0 ? 'train' : 'test',
  }))
  expect(() => checkLeaks([first!, second], divided)).toThrow(/are the same sound/)
})

test('a recording in two forms leaks as well, and the way out is named', () => {
  const [first] = corpus
  const copy = utterance('03', 'happy', { sameSoundAs: first!.utteranceId })
  expect(() => checkLeaks([...corpus, copy], folds)).toThrow(
    `"${first!.file}" and "${copy.file}" are the same recording, or most of it, the one in training, the other in test of ` +
      'fold 0; keep one of them, or, if they are two recordings after all, set ingest.corpus.sameRecording to note',
  )
})

test('stretches of one file are named with their beginnings', () => {
  const [first] = corpus
  const part = utterance('03', 'sad', {
    file: first!.file,
    startSeconds: 0,
    sameSoundAs: first!.utteranceId,
  })
  expect(() => checkLeaks([...corpus, part], folds)).toThrow(
    `"${first!.file}" and "${first!.file} from 0 s" are the same recording`,
  )
})
