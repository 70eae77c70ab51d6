import { z } from 'zod'
import { defineCorpus } from './corpus.js'
import { listByName, rejected, skipped, type NameReading } from './named-files.js'

const emotions: Readonly<Record<string, string>> = { N: 'neutral', H: 'happy', S: 'sad' }
const example = 'f03_07_H_a.wav'

/** The example corpus: f03_07_H_a.wav is woman 03, sentence 07, happy, take a. */
export const exampleCorpus = defineCorpus({
  name: 'example',
  title: 'The example corpus',
  example: `audio/${example}`,
  licence: 'CC BY 4.0',
  citation: 'Doe J (2024): An example of a corpus. Journal of Examples 1: 1-2',
  options: z.object({
    takes: z.array(z.string()).default(['a', 'b']).describe('takes that are used'),
  }),
  list: (folder, { takes }) => ({
    // All labels that can occur, in the order of the class index.
    classes: Object.values(emotions),
    ...listByName(folder, (stem) => readName(stem, takes)),
  }),
})

function readName(stem: string, takes: readonly string[]): NameReading {
  const match = /^([fm])(\d\d)_(\d\d)_([A-Z])_([a-z])$/.exec(stem)
  if (!match) return rejected(`the name is "${stem}", expected one like ${example}`)
  const [, sex = '', number = '', sentence = '', letter = '', take = ''] = match
  const emotion = emotions[letter]
  if (!emotion) return rejected(`emotion is "${letter}", expected N, H or S`)
  if (!takes.includes(take)) return skipped(`take ${take}`)
  return {
    speakerId: sex + number,
    gender: sex === 'f' ? 'female' : 'male',
    emotion,
    sentence,
    attributes: { take },
  }
}
