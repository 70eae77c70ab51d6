import {
  foldsTable,
  InputError,
  jsonType,
  manifestTable,
  many,
  one,
  predictionsTable,
  value,
  type FoldRow,
  type ManifestRow,
  type PredictionRow,
  type Stage,
  type TrainingRecord,
} from '@serflow/core'
import { scoresConfig, type ScoresConfig } from '../config.js'
import { absentFrom, gendersOf, perCorpus, perFold, perGender } from '../breakdowns.js'
import { untrainedWarnings } from '../untrained-classes.js'
import { untestedWarnings } from '../untested-folds.js'
import { withoutSpeakers } from '../unknown-speakers.js'
import { truthCounts } from '../confusion.js'
import { checkPredictions, partsByFold, testedUtterances, usedUtterances } from '../leak-check.js'
import { compareWithBaseline, scoreModel } from '../model-scores.js'
import { protocolOf } from '../protocol.js'
import { scoresRecord } from '../records.js'
import type { Scores } from '../schema.js'
import { checkTrainings, type PlacedTraining } from '../training-check.js'
import {
  collapseWarnings,
  fileWarnings,
  lengthWarnings,
  genderWarnings,
  scoreWarnings,
  trainingWarnings,
} from '../warnings.js'
import { counted } from '../wording.js'

export interface ScoresInputs {
  /** All files of the corpus. */
  corpus: readonly ManifestRow[]
  folds: readonly FoldRow[]
  /** The network's, in any number of tables. */
  predictions: readonly (readonly PredictionRow[])[]
  /** The baseline's, in any number of tables; none if there is no baseline. */
  baselines: readonly (readonly PredictionRow[])[]
  /** One a training. Where they are as many as the tables of predictions, they are in the same order. */
  histories: readonly TrainingRecord[]
  /** In the order of the class index. */
  classes: readonly string[]
  /** False where utterances have stand-ins for speakers: then nothing is said of speakers, and no interval is given. */
  speakersKnown: boolean
  /** How much the model sees of an utterance. */
  seenSeconds: number
}

/**
 * Predictions to numbers: UAR with its interval over speakers, confusion, breakdowns by speaker, gender, fold and
 * seed, the baseline with the paired difference, and warnings in words. What the headline is with several folds and
 * seeds: see scoreModel. The leak check runs first, in every run.
 *
 * @throws InputError if no file of the corpus is used
 * @throws Error if predictions leak, are incomplete or do not belong to the corpus; see checkPredictions
 */
export const scoresStage: Stage<ScoresInputs, Scores, ScoresConfig> = {
  name: 'scores',
  inputs: {
    corpus: one(manifestTable),
    folds: one(foldsTable),
    predictions: many(predictionsTable),
    baselines: many(predictionsTable),
    histories: many(jsonType<TrainingRecord>('record')),
    classes: value<readonly string[]>(),
    speakersKnown: value<boolean>(),
    seenSeconds: value<number>(),
  },
  output: scoresRecord,
  config: scoresConfig,
  run(inputs, config) {
    const { corpus, folds, classes, speakersKnown } = inputs
    const utterances = usedUtterances(corpus)
    if (utterances.length === 0) {
      throw new InputError(
        `corpus: none of its ${counted(corpus.length, 'file')} is a usable recording; ` +
          'its manifest says of each why',
      )
    }
    const rows = inputs.predictions.flat()
    checkPredictions('network', utterances, folds, rows, classes)
    const parts = partsByFold(folds)
    const trainings = placedTrainings(inputs)
    checkTrainings(trainings, utterances, parts)
    const tested = testedUtterances(utterances, parts)
    const network = scoreModel(rows, classes, config.confidence)
    const seeds = network.perSeed.map(({ seed }) => seed)
    const { histories } = inputs
    const protocol = protocolOf(utterances, parts, histories, seeds, config.confidence)
    const { genders, unclear } = gendersOf(tested)
    const absentClasses = absentFrom(classes, truthCounts(network.confusion))
    const scores = {
      ...network,
      confusion: network.confusion.map((row) => [...row]),
      protocol,
      utterances: tested.length,
      speakers: network.perSpeaker.length,
      classes: [...classes],
      absentClasses,
      chance: 1 / (classes.length - absentClasses.length),
      perSpeaker: network.perSpeaker.map(({ speakerId, ...own }) => ({
        speakerId,
        gender: genders.get(speakerId) ?? 'unknown',
        ...own,
      })),
      perGender: perGender(rows, classes, genders),
      perCorpus: perCorpus(corpus, classes),
      perFold: perFold(rows, classes),
      baselines: baselinesOf(inputs, config).map((baseline) =>
        compareWithBaseline(config.baselineName, network, baseline, config.confidence),
      ),
      skipped: corpus.flatMap(({ file, status, note }) =>
        status === 'used' ? [] : [{ file, status, note }],
      ),
    }
    const told = speakersKnown ? bounded(scores) : withoutSpeakers(scores)
    const warnings = [
      ...scoreWarnings(told),
      ...untestedWarnings(utterances, parts, folds),
      ...untrainedWarnings(utterances, parts, trainings, classes),
      ...collapseWarnings(rows),
      ...trainingWarnings(inputs.histories, placesOf(inputs)),
      ...lengthWarnings(corpus, inputs.seenSeconds),
      ...fileWarnings(corpus),
      ...(speakersKnown ? genderWarnings(unclear) : []),
    ]
    return { ...told, warnings }
  },
}

/** No baseline, or the one whose tables are given; checked as the network is. */
function baselinesOf({ corpus, folds, baselines, classes }: ScoresInputs, config: ScoresConfig) {
  if (baselines.length === 0) return []
  const rows = baselines.flat()
  checkPredictions(config.baselineName, usedUtterances(corpus), folds, rows, classes)
  return [scoreModel(rows, classes, config.confidence)]
}

/** An interval over speakers is of speakers who were never heard: where they were, there is none. */
function bounded<Kept extends Omit<Scores, 'warnings'>>(scores: Kept): Kept {
  if (scores.protocol.speakersIndependent) return scores
  const unbounded = { low: null, high: null }
  return {
    ...scores,
    uar: { ...scores.uar, ...unbounded },
    baselines: scores.baselines.map((baseline) => ({
      ...baseline,
      uar: { ...baseline.uar, ...unbounded },
      difference: { ...baseline.difference, ...unbounded },
    })),
  }
}

function placedTrainings(inputs: ScoresInputs): PlacedTraining[] {
  return placesOf(inputs).flatMap((place, index) =>
    place ? [{ fold: place[0], record: inputs.histories[index]! }] : [],
  )
}

/** Fold and seed of each training, where the tables of predictions tell them. */
function placesOf({ predictions, histories }: ScoresInputs) {
  return histories.map(({ seed }, index) => {
    const row = predictions.length === histories.length ? predictions[index]?.[0] : undefined
    return row && row.seed === seed ? ([row.fold, row.seed] as const) : undefined
  })
}
