import { z } from 'zod'
import { defineCorpus } from './corpus.js'
import { listRavdess, ravdessEmotions, ravdessExample, sungEmotions } from './ravdess-names.js'

const channels = z
  .array(z.enum(['speech', 'song']))
  .min(1)
  .default(['speech'])
  .describe(
    'what is used: speech, song (six emotions, no actor 18), or both; the actors are the same',
  )

const title = 'RAVDESS, Ryerson Audio-Visual Database of Emotional Speech and Song'

/**
 * RAVDESS: 24 actors; in the speech part 60 recordings each of eight emotions.
 *
 * `emobox-6` are the test actors of EmoBox's six released folds; its second fold is women only. `luna-5` are the
 * five folds of Luna-Jiménez et al. 2021.
 */
export const ravdess = defineCorpus({
  name: 'ravdess',
  title,
  example: ravdessExample,
  options: z.object({ channels }),
  licence: 'CC BY-NC-SA 4.0',
  citation:
    'Livingstone SR, Russo FA (2018): The Ryerson Audio-Visual Database of Emotional Speech and Song (RAVDESS). ' +
    'PLoS ONE 13(5): e0196391, doi 10.1371/journal.pone.0196391. Data: doi 10.5281/zenodo.1188976',
  foldLists: {
    'emobox-6': [
      ['01', '11', '20', '21'],
      ['04', '10', '12', '14'],
      ['08', '09', '19', '23'],
      ['03', '05', '07', '24'],
      ['02', '15', '16', '18'],
      ['06', '13', '17', '22'],
    ],
    'luna-5': [
      ['02', '05', '14', '15', '16'],
      ['03', '06', '07', '13', '18'],
      ['10', '11', '12', '19', '20'],
      ['08', '17', '21', '23', '24'],
      ['01', '04', '09', '22'],
    ],
  },
  list(folder, { channels }) {
    const speech = channels.includes('speech')
    const parts = [...(speech ? ['speech'] : []), ...(channels.includes('song') ? ['song'] : [])]
    return {
      classes: speech ? ravdessEmotions : sungEmotions,
      about: { title: `${title} (${parts.join(' and ')})` },
      ...listRavdess(folder, channels),
    }
  },
})
