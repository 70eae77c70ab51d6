/**
 * The pipeline on one page: recordings -> manifest -> log-mels -> embeddings -> one head a fold -> scores -> report.
 * A node is a stage and its part; parts are what is cached and what runs side by side.
 */
import { InputError } from '@serflow/core'
import {
  divideSpeakers,
  foldSides,
  speakersOf,
  withoutLeftOut,
  type CorpusEntry,
  type FoldList,
  type FoldsConfig,
} from '@serflow/ingest'
import type { Kernels } from './kernels.js'
import { provenanceOf, type Versions } from './provenance.js'
import type { Recordings } from './recordings.js'
import {
  from,
  fromEach,
  fromFiles,
  fromValue,
  nodeName,
  type Node,
  type NodeInput,
} from './runner/graph.js'
import type { Settings } from './settings.js'

/** Which package a stage belongs to: `run features` runs all stages of features. */
export const stagesOf = {
  ingest: ['manifest', 'corpus', 'folds', 'augmentation', 'balance'],
  features: ['log-mel'],
  model: [
    'backbone',
    'embeddings',
    'train',
    'history',
    'predictions',
    'utterance-vectors',
    'ridge',
    'final-model',
  ],
  evaluate: ['all-predictions', 'scores', 'report', 'report-page'],
} as const

/** All nodes of a run, and the ones whose artefacts are its results. */
export interface Pipeline {
  readonly nodes: readonly Node[]
  readonly results: Readonly<
    Record<
      'report.json' | 'report.html' | 'predictions.parquet' | 'manifest.parquet' | 'model.onnx',
      Node
    >
  >
}

/**
 * @param kernels what reads and computes on this machine
 * @param foldTable the user's own division, for the scheme `table`
 */
export function fullPipeline(
  recordings: Recordings,
  settings: Settings,
  versions: Versions,
  kernels: Kernels,
  foldTable: FoldList = [],
): Pipeline {
  const { entries, speakersKnown, leftOutSpeakers } = recordings
  const { ingest, model, evaluate } = settings
  const nodes: Node[] = []
  const node = (
    stage: string,
    part: Node['part'],
    inputs: Record<string, NodeInput>,
    settingsPath = '',
    config: unknown = {},
    settingsElsewhere: Node['settingsElsewhere'] = undefined,
  ): Node => {
    const name = nodeName(stage, part)
    const made = { name, stage, part, settingsPath, settingsElsewhere, config, inputs }
    nodes.push(made)
    return made
  }

  // What is known from names and label files alone: who speaks, and so the folds.
  const foldSettings = foldSettingsOf(settings, recordings)
  const digestOf = new Map(entries.map(({ file, fileDigest }) => [file, fileDigest]))
  const speakers = speakersOf(entries, foldSettings, digestOf)
  const lists =
    foldSettings.scheme === 'table'
      ? { table: withoutLeftOut(foldTable, leftOutSpeakers) }
      : recordings.foldLists
  const sides = foldSides(divideSpeakers(speakers, lists, foldSettings))
  const unvalidated = sides.find(({ validation }) => validation.length === 0)
  if (model.train.stopping !== 'none' && unvalidated) {
    throw new InputError(
      `model.train.stopping: fold ${unvalidated.fold} has no validation speaker to choose the epoch by; ` +
        'set ingest.folds.validation to one-of-each-gender',
    )
  }
  const classes = fromValue(recordings.classes)

  // A speaker at a time: a new speaker computes these anew, and nobody else's.
  const entriesOf = new Map<string, CorpusEntry[]>(speakers.map(({ speakerId }) => [speakerId, []]))
  for (const entry of entries) entriesOf.get(entry.speakerId)!.push(entry)
  const bySpeaker = speakers.map(({ speakerId }) => {
    const part = { speaker: speakerId }
    const entries = entriesOf.get(speakerId)!
    const files = fromFiles('', [...new Set(entries.map(recordings.fileOf))])
    const manifest = node('manifest', part, {
      entries: fromValue(entries),
      files,
      reader: fromValue(kernels.reader),
    })
    const augmentation = node(
      'augmentation',
      part,
      { manifest: from(manifest) },
      'ingest.augmentation',
      ingest.augmentation,
    )
    const logMel = node(
      'log-mel',
      part,
      {
        manifest: from(manifest),
        augmentation: from(augmentation),
        files,
        kernels: fromValue(kernels),
      },
      'features',
      settings.features,
    )
    return { speakerId, manifest, logMel }
  })

  // The corpus as a whole.
  const corpus = node(
    'corpus',
    {},
    {
      manifests: fromEach(bySpeaker.map(({ manifest }) => manifest)),
      others: fromValue(recordings.others),
    },
    'ingest.corpus',
    ingest.corpus,
  )
  const folds = node(
    'folds',
    {},
    { speakers: fromValue(speakers), lists: fromValue(lists) },
    'ingest.folds',
    foldSettings,
  )
  const balance = node(
    'balance',
    {},
    { corpus: from(corpus), folds: from(folds), classes },
    'ingest.balance',
    ingest.balance,
  )

  // The frozen CNN, once for all folds.
  const backboneSettings = { ...model.backbone, bands: settings.features.bands }
  const bandsElsewhere = { bands: 'features.bands' }
  const backbone = node('backbone', {}, {}, 'model.backbone', backboneSettings, bandsElsewhere)
  const embeddings = new Map(
    bySpeaker.map(({ speakerId, logMel }) => [
      speakerId,
      node(
        'embeddings',
        { speaker: speakerId },
        { logMels: from(logMel), backbone: from(backbone) },
        'model.embeddings',
        { segments: settings.segments, ...model.embeddings },
        { segments: 'segments' },
      ),
    ]),
  )
  const embeddingsOf = (speakerIds: readonly string[]) =>
    fromEach(speakerIds.map((speakerId) => embeddings.get(speakerId)!))

  const train = (
    fold: string,
    seed: number,
    speakerIds: { readonly train: readonly string[]; readonly validation: readonly string[] },
    histories: readonly Node[] = [],
  ) =>
    node(
      'train',
      { fold, seed: String(seed) },
      {
        corpus: from(corpus),
        folds: from(folds),
        balance: from(balance),
        classes,
        embeddings: embeddingsOf(speakerIds.train),
        validation: embeddingsOf(speakerIds.validation),
        histories: fromEach(histories),
      },
      'model.train',
      model.train,
    )

  // Each fold: a head that never hears its test speakers, and the baseline on the same embeddings.
  const heads: Node[] = []
  const predictions: Node[] = []
  for (const seed of model.seeds) {
    for (const side of sides) {
      const head = train(String(side.fold), seed, side)
      heads.push(head)
      const inputs = {
        corpus: from(corpus),
        folds: from(folds),
        classes,
        head: from(head),
        embeddings: embeddingsOf(side.test),
      }
      predictions.push(node('predictions', head.part, inputs))
    }
  }
  const vectors = new Map(
    [...embeddings].map(([speakerId, made]) => [
      speakerId,
      node('utterance-vectors', made.part, { embeddings: from(made) }),
    ]),
  )
  const vectorsOf = (speakerIds: readonly string[]) =>
    fromEach(speakerIds.map((speakerId) => vectors.get(speakerId)!))
  const ridge = sides.map(({ fold, train, test }) =>
    node(
      'ridge',
      { fold: String(fold) },
      {
        corpus: from(corpus),
        folds: from(folds),
        balance: from(balance),
        classes,
        training: vectorsOf(train),
        test: vectorsOf(test),
      },
      'model.ridge',
      model.ridge,
    ),
  )

  // The model to use: all speakers of all corpora, whatever the folds, front end and CNN included; nothing is measured
  // on it. With early stopping the folds say how long to train.
  const histories = heads.map((head) => node('history', head.part, { head: from(head) }))
  const everybody = { train: speakers.map(({ speakerId }) => speakerId), validation: [] }
  const [firstSeed] = model.seeds
  const lengths = histories.filter(({ part }) => part.seed === String(firstSeed))
  const finalHead = train(
    'all',
    firstSeed!,
    everybody,
    model.train.stopping === 'none' ? [] : lengths,
  )
  const { corpusInfo, provenance } = provenanceOf(recordings, settings, versions, kernels)
  const frontEnd = {
    logMel: settings.features,
    segments: settings.segments,
    speakersKnown,
    about: {
      corpus: corpusInfo.title,
      corpusLicence: corpusInfo.licence,
      corpusCitation: corpusInfo.citation,
      synthetic: String(corpusInfo.synthetic),
    },
  }
  const finalModel = node(
    'final-model',
    {},
    { corpus: from(corpus), head: from(finalHead), frontEnd: fromValue(frontEnd) },
    'model.backbone',
    backboneSettings,
    bandsElsewhere,
  )

  // What is told.
  const allPredictions = node('all-predictions', {}, { predictions: fromEach(predictions) })
  const scores = node(
    'scores',
    {},
    {
      corpus: from(corpus),
      folds: from(folds),
      predictions: fromEach(predictions),
      baselines: fromEach(ridge),
      histories: fromEach(histories),
      classes,
      speakersKnown: fromValue(speakersKnown),
      seenSeconds: fromValue(seenSeconds(settings)),
    },
    'evaluate.scores',
    evaluate.scores,
  )
  const report = node(
    'report',
    {},
    { scores: from(scores), corpusInfo: fromValue(corpusInfo), provenance: fromValue(provenance) },
    'evaluate.report',
    evaluate.report,
  )
  const page = node('report-page', {}, { report: from(report) })

  return {
    nodes,
    results: {
      'report.json': report,
      'report.html': page,
      'predictions.parquet': allPredictions,
      'manifest.parquet': corpus,
      'model.onnx': finalModel,
    },
  }
}

/**
 * Where speakers are not known, recordings are divided: there is nobody to leave out. Of an own list those are taken
 * of whom something is left.
 */
function foldSettingsOf(
  { ingest }: Settings,
  { speakersKnown, leftOutSpeakers }: Recordings,
): FoldsConfig {
  const folds = { ...ingest.folds, list: withoutLeftOut(ingest.folds.list, leftOutSpeakers) }
  return speakersKnown || folds.scheme !== 'leave-one-speaker-out'
    ? folds
    : { ...folds, scheme: 'random-clips' }
}

/** How much of an utterance its segments hold. */
function seenSeconds({ segments, features }: Settings): number {
  const { segmentFrames, hopFrames, maxSegments } = segments
  return ((segmentFrames + (maxSegments - 1) * hopFrames) * features.hopMs) / 1000
}
