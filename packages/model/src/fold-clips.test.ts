import type { FoldRow } from '@serflow/core'
import { expect, test } from 'vitest'
import { corpus, folds, ofSpeaker } from './clips.fixture.js'
import { clipsOfPart } from './fold-clips.js'

const namesOf = (clips: ReturnType<typeof clipsOfPart>) => clips.map(({ clip }) => clip.clipId)

test('the clips of a part are those of its speakers, copies with their originals', () => {
  expect(namesOf(clipsOfPart('train', 0, folds, corpus, ofSpeaker('01', '02')))).toHaveLength(8)
  expect(namesOf(clipsOfPart('test', 0, folds, corpus, ofSpeaker('04')))).toEqual([
    '04-sad',
    '04-sad#speed=0.9',
    '04-happy',
    '04-happy#speed=0.9',
  ])
})

test('a fold that divides utterances takes a copy to the side of its original', () => {
  const divided: FoldRow[] = ['01-sad', '01-happy'].map((utteranceId, index) => ({
    fold: 0,
    speakerId: '01',
    utteranceId,
    part: index === 0 ? 'train' : 'test',
  }))
  const sets = ofSpeaker('01')
  expect(namesOf(clipsOfPart('train', 0, divided, corpus, sets))).toEqual([
    '01-sad',
    '01-sad#speed=0.9',
  ])
  expect(namesOf(clipsOfPart('test', 0, divided, corpus, sets))).toEqual([
    '01-happy',
    '01-happy#speed=0.9',
  ])
})

test('a model of all utterances takes all', () => {
  const everybody = ofSpeaker('01', '02', '03', '04')
  expect(clipsOfPart('train', null, folds, corpus, everybody)).toHaveLength(16)
})

test.each(['03', '04'])('clips of speaker %s, who is on another side, are an error', (speaker) => {
  expect(() => clipsOfPart('train', 0, folds, corpus, ofSpeaker('01', speaker))).toThrow(
    `speaker ${speaker} of clip ${speaker}-sad is not in the train part of fold 0`,
  )
})

test('a copy that is apart from its original, or of no utterance, is an error', () => {
  const [set] = ofSpeaker('01')
  const moved = { ...set!, clips: set!.clips.map((clip) => ({ ...clip, utteranceId: '02-sad' })) }
  expect(() => clipsOfPart('train', 0, folds, corpus, [moved])).toThrow(
    'clip 01-sad is apart from its utterance 02-sad',
  )
  expect(() => clipsOfPart('train', 0, folds, corpus.slice(2), [set!])).toThrow(
    'clip 01-sad is not in the manifest',
  )
})
