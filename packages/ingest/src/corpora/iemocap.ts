import { InputError } from '@serflow/core'
import { z } from 'zod'
import { defineCorpus, type FoundUtterance, type OtherFile } from './corpus.js'
import { isSound, stemOf, type CorpusFolder } from './folder.js'
import { readTurns, type Turn } from './iemocap-labels.js'

/** Labels by code, in the order of the class index. */
const emotions: Readonly<Record<string, string>> = {
  neu: 'neutral',
  hap: 'happy',
  sad: 'sad',
  ang: 'angry',
  exc: 'excited',
  fru: 'frustrated',
  fea: 'fearful',
  sur: 'surprised',
  dis: 'disgust',
  oth: 'other',
}
const labels = Object.values(emotions)
const usualClasses = ['neutral', 'happy', 'sad', 'angry']

const options = z.object({
  classes: z
    .array(z.string())
    .min(2)
    .default(usualClasses)
    .describe(
      `labels that are used, of ${labels.join(', ')}; excited counts as happy unless it is named`,
    ),
  improvised: z
    .boolean()
    .default(false)
    .describe('only the improvised dialogues, not the scripted ones'),
})

/**
 * IEMOCAP by the majority labels of its EmoEvaluation summaries: neutral, happy with excited, sad and angry are the
 * usual 5531 turns. The speaker is the session and the letter of the turn's last part; the letter behind the session
 * only says who wore the markers. Turns without a majority (xxx) and of other labels are left out and counted. The
 * evaluators' votes become shares.
 */
export const iemocap = defineCorpus({
  name: 'iemocap',
  title: 'IEMOCAP, Interactive Emotional Dyadic Motion Capture database',
  example: 'Session1/dialog/EmoEvaluation/Ses01F_impro01.txt',
  licence: 'on request to the University of Southern California, for research',
  citation:
    'Busso C, Bulut M, Lee CC, Kazemzadeh A, Mower E, Kim S, Chang JN, Lee S, Narayanan SS (2008): IEMOCAP: ' +
    'Interactive emotional dyadic motion capture database. Language Resources and Evaluation 42: 335-359, ' +
    'doi 10.1007/s10579-008-9076-6',
  options,
  async list(folder, { classes, improvised }) {
    const unknown = classes.filter((label) => !labels.includes(label))
    if (unknown.length > 0) {
      throw new InputError(
        `corpus.classes: IEMOCAP has no label "${unknown[0]}", expected some of ${labels.join(', ')}`,
      )
    }
    const labelOf = (code: string) => {
      const label = emotions[code]
      return label === 'excited' && !classes.includes('excited') ? 'happy' : label
    }
    const sounds = soundsOf(folder)
    const utterances: FoundUtterance[] = []
    const others: OtherFile[] = []
    for (const turn of await readTurns(folder)) {
      const place = `Session${turn.session}/sentences/wav/${turn.dialogue}/${turn.name}`
      const files = sounds.get(turn.name) ?? []
      sounds.delete(turn.name)
      const emotion = labelOf(turn.code)
      const left =
        files.length === 0
          ? `${place}.wav is labelled, but is not there`
          : improvised && turn.scenario !== 'improvised'
            ? 'scripted'
            : emotion === undefined || !classes.includes(emotion)
              ? leftOut(turn.code)
              : undefined
      for (const file of files.length === 0 ? [`${place}.wav`] : files) {
        if (left === undefined) utterances.push(utteranceOf(turn, file, emotion!, labelOf))
        else {
          others.push({ file, status: files.length === 0 ? 'rejected' : 'skipped', note: left })
        }
      }
    }
    const unlabelled = [...sounds.values()].flat()
    others.push(
      ...unlabelled.map((file) => ({
        file,
        status: 'rejected' as const,
        note: 'no EmoEvaluation summary names this turn',
      })),
    )
    return { classes: labels.filter((label) => classes.includes(label)), utterances, others }
  },
})

function leftOut(code: string): string {
  if (code === 'xxx') return 'label xxx: no majority'
  return `label ${code}${emotions[code] ? `: ${emotions[code]}` : ''}`
}

function utteranceOf(
  turn: Turn,
  file: string,
  emotion: string,
  labelOf: (code: string) => string | undefined,
): FoundUtterance {
  const session = `Ses0${turn.session}`
  const votes: Record<string, number> = {}
  for (const [code, count] of Object.entries(turn.votes)) {
    const label = labelOf(code)
    if (label !== undefined) votes[label] = (votes[label] ?? 0) + count
  }
  return {
    file,
    utteranceId: turn.name,
    speakerId: `${session}${turn.letter}`,
    gender: turn.letter === 'F' ? 'female' : 'male',
    emotion,
    ...(emotions[turn.code] === emotion ? {} : { ownLabel: emotions[turn.code]! }),
    ...noteOf(turn, file),
    votes,
    session,
    attributes: {
      dialogue: turn.dialogue,
      scenario: turn.scenario,
      valence: turn.valence,
      activation: turn.activation,
      dominance: turn.dominance,
    },
  }
}

/** A turn lies in the folder of its dialogue, and that in the folder of its session. */
function noteOf({ session, dialogue }: Turn, file: string): { note?: string } {
  const [, there = '', folder = ''] =
    /(?:^|\/)Session(\d)\/sentences\/wav\/([^/]+)\//.exec(file) ?? []
  if (folder === '' || (there === String(session) && folder === dialogue)) return {}
  return {
    note: `lies in the folder of Session${there} ${folder}, but its name says Session${session} ${dialogue}`,
  }
}

/** The files of sentences/wav by the turn they are named for; a turn may lie there in several formats. */
function soundsOf(folder: CorpusFolder): Map<string, string[]> {
  const sounds = new Map<string, string[]>()
  for (const path of folder.paths) {
    if (!isSound(path) || !/(^|\/)sentences\/wav\//i.test(path)) continue
    const turn = stemOf(path)
    sounds.set(turn, [...(sounds.get(turn) ?? []), path])
  }
  return sounds
}
