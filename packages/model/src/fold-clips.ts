import {
  foldParts,
  type ClipTensor,
  type ClipTensors,
  type FoldPart,
  type FoldRow,
  type ManifestRow,
} from '@serflow/core'

/** A clip with the row of its utterance. */
export interface PlacedClip {
  readonly clip: ClipTensor
  readonly utterance: ManifestRow & { readonly utteranceId: string; readonly speakerId: string }
}

/**
 * The clips of one part of a fold, in their order: of sets that were made for speakers who have something in it. Clips
 * of theirs that the fold has in another part, or leaves out, are not among them.
 *
 * @param fold null for a model of all utterances
 * @throws Error for a clip that the manifest lacks or that is named for another utterance than its own, and for a
 *   speaker who is not in this part: whoever handed the set over mistook the fold
 */
export function clipsOfPart(
  part: FoldPart,
  fold: number | null,
  folds: readonly FoldRow[],
  corpus: readonly ManifestRow[],
  sets: readonly ClipTensors[],
): readonly PlacedClip[] {
  const partOf = fold === null ? () => part : foldParts(folds, fold)
  const known = new Map(
    corpus.flatMap((row) => (isUtterance(row) ? [[row.utteranceId, row] as const] : [])),
  )
  const placed = sets
    .flatMap((set) => set.clips)
    .map((clip): PlacedClip => {
      const utterance = known.get(clip.utteranceId)
      if (!utterance) throw new Error(`clip ${clip.clipId} is not in the manifest`)
      const name = clip.effects === '' ? clip.utteranceId : `${clip.utteranceId}#${clip.effects}`
      if (clip.clipId !== name) {
        throw new Error(`clip ${clip.clipId} is apart from its utterance ${clip.utteranceId}`)
      }
      return { clip, utterance }
    })
  const speakers = new Set(
    folds.flatMap((row) => (row.fold === fold && row.part === part ? [row.speakerId] : [])),
  )
  const stranger = placed.find(({ utterance }) => !speakers.has(utterance.speakerId))
  if (fold !== null && stranger) {
    const { clip, utterance } = stranger
    throw new Error(
      `speaker ${utterance.speakerId} of clip ${clip.clipId} is not in the ${part} part of fold ${fold}`,
    )
  }
  return placed.filter(({ utterance }) => partOf(utterance) === part)
}

function isUtterance(row: ManifestRow): row is PlacedClip['utterance'] {
  return row.status === 'used' && row.utteranceId !== null && row.speakerId !== null
}
