import { z } from 'zod'
import { defineCorpus } from './corpus.js'
import { folderOf } from './folder.js'
import { listByName, rejected, secondCopy, type NameReading } from './named-files.js'

/** Last part of the name in the order of the class index. */
const emotions: Readonly<Record<string, string>> = {
  neutral: 'neutral',
  happy: 'happy',
  sad: 'sad',
  angry: 'angry',
  fear: 'fear',
  disgust: 'disgust',
  ps: 'pleasant surprise',
}
const example = 'OAF_back_angry.wav'

/** TESS: 200 words, said in seven emotions by an older (OAF) and a younger (YAF) woman: 2800 files. */
export const tess = defineCorpus({
  name: 'tess',
  title: 'TESS, Toronto Emotional Speech Set',
  example: `OAF_angry/${example}`,
  licence: 'CC BY-NC-ND 4.0',
  citation:
    'Pichora-Fuller MK, Dupuis K (2020): Toronto emotional speech set (TESS). Borealis, doi 10.5683/SP2/E8H2MF',
  options: z.object({}),
  list: (folder) => ({ classes: Object.values(emotions), ...listByName(folder, readName) }),
})

function readName(stem: string, path: string): NameReading {
  const copy = secondCopy(stem, example)
  if (copy) return copy
  // One published file lacks the F: OA_bite_neutral.
  const match = /^([OY]A)F?_([a-z' -]+)_([a-z]+)$/i.exec(stem)
  if (!match) return rejected(`the name is "${stem}", expected one like ${example}`)
  const [, speaker = '', sentence = '', code = ''] = match
  const emotion = emotions[code.toLowerCase()]
  if (!emotion) {
    return rejected(`emotion is "${code}", expected one of ${Object.keys(emotions).join(', ')}`)
  }
  const speakerId = `${speaker.toUpperCase()}F`
  const note = folderNote(path, speakerId, emotion)
  return {
    utteranceId: stem
      .replace(/^[^_]*/, (part) => part.toUpperCase())
      .replace(/_.*/, (rest) => rest.toLowerCase()),
    speakerId,
    gender: 'female',
    emotion,
    sentence: sentence.toLowerCase(),
    ...(note === undefined ? {} : { note }),
  }
}

/** The published folders are OAF_angry, YAF_pleasant_surprised and the like. */
function folderNote(path: string, speakerId: string, emotion: string): string | undefined {
  const folder = folderOf(path).split('/').at(-1) ?? ''
  const [, speaker = '', word = ''] = /^([OY]A)F?_([a-z_ ]+)$/i.exec(folder) ?? []
  const code = /^pleasant[_ ]surprised?$/i.test(word) ? 'ps' : word.toLowerCase()
  const label = Object.hasOwn(emotions, code) ? emotions[code] : undefined
  if (label === undefined) return undefined
  const [there, named] = [`${speaker.toUpperCase()}F ${label}`, `${speakerId} ${emotion}`]
  return there === named ? undefined : `lies in the folder of ${there}, but its name says ${named}`
}
