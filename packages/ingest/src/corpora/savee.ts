import { z } from 'zod'
import { defineCorpus } from './corpus.js'
import { folderOf } from './folder.js'
import { listByName, rejected, secondCopy, type NameReading } from './named-files.js'

/** Letters of the name in the order of the class index; sad and surprise have two. */
const emotions: Readonly<Record<string, string>> = {
  a: 'anger',
  d: 'disgust',
  f: 'fear',
  h: 'happiness',
  n: 'neutral',
  sa: 'sadness',
  su: 'surprise',
}
const speakers = ['DC', 'JE', 'JK', 'KL']
const example = 'DC_a01.wav'

/**
 * SAVEE: 480 utterances of four men, seven emotions. The speaker is in the name, or is the folder the file lies in,
 * as the archive has it. Sentences 01 to 03 are said in every emotion, the others go by their code.
 */
export const savee = defineCorpus({
  name: 'savee',
  title: 'SAVEE, Surrey Audio-Visual Expressed Emotion database',
  example: `DC/${example.slice(3)} or ${example}`,
  licence: 'free for research, on request to the University of Surrey',
  citation:
    'Haq S, Jackson PJB (2010): Multimodal emotion recognition. In: Machine Audition: Principles, Algorithms and ' +
    'Systems, IGI Global, 398-423, doi 10.4018/978-1-61520-919-4.ch017',
  options: z.object({}),
  list: (folder) => ({ classes: Object.values(emotions), ...listByName(folder, readName) }),
})

function readName(stem: string, path: string): NameReading {
  const copy = secondCopy(stem, example)
  if (copy) return copy
  const match = /^(?:([a-z]{2})_)?([a-z]{1,2})(\d\d)$/i.exec(stem)
  if (!match) return rejected(`the name is "${stem}", expected one like ${example}`)
  const [, named, , number = ''] = match
  const code = match[2]!.toLowerCase()
  const above = folderOf(path).toUpperCase().split('/')
  const folder = above.findLast((name) => speakers.includes(name))
  const speakerId = named?.toUpperCase() ?? folder
  if (speakerId === undefined) {
    return rejected(`neither its name nor a folder says the speaker, one of ${speakers.join(', ')}`)
  }
  if (!speakers.includes(speakerId)) {
    return rejected(`speaker is "${speakerId}", expected one of ${speakers.join(', ')}`)
  }
  const emotion = emotions[code]
  if (!emotion) {
    return rejected(`emotion is "${code}", expected one of ${Object.keys(emotions).join(', ')}`)
  }
  const last = emotion === 'neutral' ? 30 : 15
  if (Number(number) < 1 || Number(number) > last) {
    return rejected(`sentence is "${number}", expected 01 to ${last} for ${emotion}`)
  }
  return {
    utteranceId: `${speakerId}_${code}${number}`,
    speakerId,
    gender: 'male',
    emotion,
    sentence: Number(number) <= 3 ? number : `${code}${number}`,
    ...(folder !== undefined && folder !== speakerId
      ? { note: `lies in the folder of ${folder}, but its name says ${speakerId}` }
      : {}),
  }
}
