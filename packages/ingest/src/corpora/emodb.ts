import { z } from 'zod'
import { defineCorpus } from './corpus.js'
import { listByName, rejected, secondCopy, type NameReading } from './named-files.js'

/** Sixth character of the name, the German initial, in the order of the class index. */
const emotions: Readonly<Record<string, string>> = {
  W: 'anger',
  L: 'boredom',
  E: 'disgust',
  A: 'fear',
  F: 'happiness',
  T: 'sadness',
  N: 'neutral',
}
const men: ReadonlySet<string> = new Set(['03', '10', '11', '12', '15'])
const women: ReadonlySet<string> = new Set(['08', '09', '13', '14', '16'])
const texts = ['a01', 'a02', 'a04', 'a05', 'a07', 'b01', 'b02', 'b03', 'b09', 'b10']
const example = '03a01Fa.wav'

/** EMO-DB, the Berlin database of emotional speech: 535 utterances of ten actors, seven emotions, German. */
export const emodb = defineCorpus({
  name: 'emodb',
  title: 'EMO-DB, Berlin Database of Emotional Speech',
  example: `wav/${example}`,
  licence: "CC BY 4.0 by its Zenodo record, CC0 1.0 by the archive's own metadata",
  citation:
    'Burkhardt F, Paeschke A, Rolfes M, Sendlmeier W, Weiss B (2005): A database of German emotional speech. ' +
    'Interspeech 2005, 1517-1520. Data: doi 10.5281/zenodo.7447302',
  options: z.object({}),
  list: (folder) => ({
    classes: Object.values(emotions),
    ...listByName(folder, readName, isCompanion),
  }),
})

function readName(stem: string): NameReading {
  const copy = secondCopy(stem, example)
  if (copy) return copy
  const match = /^(\d\d)([a-z]\d\d)([A-Z])([a-z])$/.exec(stem)
  if (!match) return rejected(`the name is "${stem}", expected one like ${example}`)
  const [, speakerId = '', sentence = '', letter = '', version = ''] = match
  if (!men.has(speakerId) && !women.has(speakerId)) {
    return rejected(
      `speaker is "${speakerId}", expected one of ${[...men, ...women].sort().join(', ')}`,
    )
  }
  if (!texts.includes(sentence)) {
    return rejected(`text is "${sentence}", expected one of ${texts.join(', ')}`)
  }
  const emotion = emotions[letter]
  if (!emotion) {
    return rejected(`emotion is "${letter}", expected one of ${Object.keys(emotions).join(', ')}`)
  }
  return {
    speakerId,
    gender: men.has(speakerId) ? 'male' : 'female',
    emotion,
    sentence,
    attributes: { version },
  }
}

/** Label files of the published archives, and the audformat header and tables of its later ones. */
function isCompanion(path: string): boolean {
  return /(^|\/)(lablaut|labsilb|silb)\/|(^|\/)(erkennung|erkl(ae|ä)rung)[^/]*\.txt$|(^|\/)db(\.[^/]+)?\.(yaml|csv|pkl|parquet)$/i.test(
    path,
  )
}
