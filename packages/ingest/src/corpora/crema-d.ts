import { z } from 'zod'
import { defineCorpus, type FoundUtterance } from './corpus.js'
import { stemOf, type CorpusFolder } from './folder.js'
import { listByName, rejected, secondCopy, type NameReading } from './named-files.js'
import { readTable } from './table-rows.js'

/** Codes of the name in the order of the class index. */
const emotions: Readonly<Record<string, string>> = {
  ANG: 'anger',
  DIS: 'disgust',
  FEA: 'fear',
  HAP: 'happy',
  NEU: 'neutral',
  SAD: 'sad',
}
/** X is what one published file has. */
const levels: Readonly<Record<string, string | undefined>> = {
  LO: 'low',
  MD: 'medium',
  HI: 'high',
  XX: undefined,
  X: undefined,
}
const sentences = 'IEO TIE IOM IWW TAI MTI IWL ITH DFA ITS TSI WSI'.split(' ')
const example = '1001_DFA_ANG_XX.wav'

/**
 * CREMA-D: 7442 clips of 91 actors, twelve sentences, six emotions. The label is the emotion that was acted. Gender
 * and age come from VideoDemographics.csv where that is there.
 */
export const cremaD = defineCorpus({
  name: 'crema-d',
  title: 'CREMA-D, Crowd-sourced Emotional Multimodal Actors Dataset',
  example: `AudioWAV/${example}`,
  licence: 'Open Database License 1.0, contents under the Database Contents License 1.0',
  citation:
    'Cao H, Cooper DG, Keutmann MK, Gur RC, Nenkova A, Verma R (2014): CREMA-D: Crowd-sourced emotional multimodal ' +
    'actors dataset. IEEE Transactions on Affective Computing 5(4): 377-390, doi 10.1109/TAFFC.2014.2336244',
  options: z.object({}),
  async list(folder) {
    const actors = await demographics(folder)
    const waves = new Set(folder.paths.filter((path) => /\.wav$/i.test(path)).map(stemOf))
    const isOther = (path: string) =>
      isCompanion(path) || (/\.mp3$/i.test(path) && waves.has(stemOf(path)))
    const { utterances, others } = listByName(folder, readName, isOther)
    return {
      classes: Object.values(emotions),
      utterances: utterances.map((utterance) => ({
        ...utterance,
        ...actors.get(utterance.speakerId ?? ''),
      })),
      others,
    }
  },
})

function readName(stem: string): NameReading {
  const copy = secondCopy(stem, example)
  if (copy) return copy
  const name = stem.toUpperCase()
  const [speakerId = '', sentence = '', code = '', level = '', ...more] = name.split('_')
  if (level === '' || more.length > 0) {
    return rejected(`the name is "${stem}", expected one like ${example}`)
  }
  if (!/^1(00[1-9]|0[1-8]\d|09[01])$/.test(speakerId)) {
    return rejected(`actor is "${speakerId}", expected 1001 to 1091`)
  }
  if (!sentences.includes(sentence)) {
    return rejected(`sentence is "${sentence}", expected one of ${sentences.join(', ')}`)
  }
  const emotion = emotions[code]
  if (!emotion) {
    return rejected(`emotion is "${code}", expected one of ${Object.keys(emotions).join(', ')}`)
  }
  if (!(level in levels)) return rejected(`level is "${level}", expected LO, MD, HI or XX`)
  const intensity = levels[level]
  return {
    utteranceId: name,
    speakerId,
    emotion,
    sentence,
    ...(intensity === undefined ? {} : { intensity }),
  }
}

type Actor = Pick<FoundUtterance, 'gender' | 'attributes'>

async function demographics(folder: CorpusFolder): Promise<ReadonlyMap<string, Actor>> {
  const actors = new Map<string, Actor>()
  const path = folder.paths.find((each) => /(^|\/)VideoDemographics\.csv$/i.test(each))
  if (path === undefined) return actors
  const { rows } = await readTable(folder, path)
  for (const { cells } of rows) {
    const sex = cells.sex?.toLowerCase()
    const age = Number(cells.age)
    actors.set(cells.actorid ?? '', {
      gender: sex === 'male' || sex === 'female' ? sex : 'unknown',
      ...(Number.isFinite(age) ? { attributes: { age } } : {}),
    })
  }
  return actors
}

/** Tables, videos and texts of the published repository, which has each recording as MP3 too. */
function isCompanion(path: string): boolean {
  return /\.(csv|md|txt|R|Rmd|flv)$/i.test(path) && !/(^|\/)AudioWAV\//.test(path)
}
