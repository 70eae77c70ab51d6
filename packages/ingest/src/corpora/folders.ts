import { z } from 'zod'
import { defineCorpus } from './corpus.js'
import { folderOf } from './folder.js'
import { withIds } from './listed-sounds.js'
import { plainName } from './names.js'
import { listByName, rejected, type NameReading } from './named-files.js'

const pattern = z.string().refine(isPattern, 'expected a regular expression')

const options = z.object({
  speaker: pattern
    .optional()
    .describe(
      'regular expression whose first group is the speaker, such as "^([^_]+)_"; on the name of the file, or on its path where it holds a "/"',
    ),
  label: pattern
    .optional()
    .describe(
      'regular expression on the path whose first group is the label; by default the folder the file lies in',
    ),
})

/** Recordings of one's own in folders named by their label: `happy/anna_01.wav`. */
export const folders = defineCorpus({
  name: 'folders',
  own: true,
  title: 'recordings in folders by label',
  example: 'happy/anna_01.wav',
  licence: 'not stated',
  citation: 'not stated',
  options,
  list(folder, { speaker, label }) {
    const read = (stem: string, path: string): NameReading => {
      const emotion = plainName(
        (label === undefined ? folderOf(path).split('/').at(-1) : firstGroup(label, path)) ?? '',
      )
      if (!emotion) {
        return rejected(
          label === undefined
            ? 'lies in no folder that names its label'
            : 'corpus.label does not fit',
        )
      }
      if (speaker === undefined) return { speakerId: null, emotion }
      const speakerId = plainName(firstGroup(speaker, speaker.includes('/') ? path : stem) ?? '')
      return speakerId ? { speakerId, emotion } : rejected('corpus.speaker does not fit its name')
    }
    const { utterances, others } = listByName(folder, read)
    return {
      classes: [...new Set(utterances.map(({ emotion }) => emotion!))].sort(),
      // The name alone may occur under every label.
      utterances: withIds(utterances.map(({ utteranceId: _, ...rest }) => rest)),
      others,
    }
  },
})

/** The whole match of a pattern without a group. A group that may be left out, and is, says nothing. */
function firstGroup(source: string, text: string): string | undefined {
  const match = new RegExp(source, 'u').exec(text)
  return match?.[match.length > 1 ? 1 : 0]
}

function isPattern(source: string): boolean {
  try {
    return Boolean(new RegExp(source, 'u'))
  } catch {
    return false
  }
}
