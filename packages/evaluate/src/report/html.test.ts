import { canonicalJson } from '@serflow/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { judgedCorpus, madeReport, manifestRow } from '../judged-corpus.fixture.js'
import type { Report } from '../schema.js'
import { reportPageStage } from '../stages/report-page.js'
import { reportPage } from './html.js'

/** What a reader sees: without style and tags, blanks as one. */
const textOf = (page: string) =>
  page
    .replace(/<style>[^]*?<\/style>/, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')

/** Opened and not closed, or closed and not opened. */
function unbalanced(page: string): string[] {
  const open: string[] = []
  const wrong: string[] = []
  for (const [tag, slash, name] of page.matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*>/g)) {
    if (tag.endsWith('/>') || ['meta', 'col'].includes(name!)) continue
    if (!slash) open.push(name!)
    else if (open.pop() !== name) wrong.push(tag)
  }
  return [...wrong, ...open]
}

test('the headline stands with its interval, chance, the origin of the settings and the verdict', async () => {
  const report = await madeReport(judgedCorpus({ seeds: [0, 1] }))
  const text = textOf(reportPage(report))
  const percent = (rate: number | null) => `${(100 * rate!).toFixed(1)} %`
  expect(text).toContain(percent(report.uar.value))
  expect(text).toContain(`95 % interval ${percent(report.uar.low)} to ${percent(report.uar.high)}`)
  expect(text).toContain('Answering always the same emotion gives 25.0 %')
  expect(text).toContain('developed elsewhere')
  expect(text).toMatch(/The network is (not shown to be )?(better|worse) than ridge/)
  expect(text).toContain('Rows are the truth')
  expect(text).toContain('summed over 2 seeds')
  expect(text).toContain(report.digest)
  expect(text).not.toContain('Synthetic')
})

test('synthetic speech is said above all numbers and in the title', async () => {
  const report = await madeReport(judgedCorpus(), { corpusInfo: { synthetic: true } })
  const page = reportPage(report)
  expect(page.indexOf('Synthetic speech: says nothing of real recordings')).toBeGreaterThan(0)
  expect(page.indexOf('Synthetic speech: says nothing of real recordings')).toBeLessThan(
    page.indexOf('class="hero"'),
  )
  expect(page).toMatch(/<title>[^<]*\(synthetic speech\)/)
})

test('every count of the confusion is in the matrix, rows in the order of the truth', async () => {
  const report = await madeReport(judgedCorpus())
  const page = reportPage(report)
  const cells = [...page.matchAll(/<td[^>]*class="cell[^>]*>\s*(\d+)\s*<\/td>/g)].map(([, count]) =>
    Number(count),
  )
  expect(cells).toEqual(report.confusion.flat())
  const shares = [...page.matchAll(/--share:([\d.]+)/g)].map(([, share]) => Number(share))
  for (const [row] of report.classes.entries()) {
    const sum = shares.slice(4 * row, 4 * row + 4).reduce((total, share) => total + share, 0)
    // Shares are written to three decimals.
    expect(Math.abs(sum - 1)).toBeLessThan(0.0021)
  }
})

test('the page needs nothing else: no script, no link, no address', async () => {
  const page = reportPage(await madeReport(judgedCorpus()))
  expect(page).not.toMatch(
    /<(script|link|img|iframe|object|embed)|\b(src|href|srcset)=|url\(|@import|https?:/,
  )
})

test('it is well formed for 1 to 40 speakers, 2 to 10 classes, any names', async () => {
  // No corpus is read with a class of the first name; the others would hide what is looked for.
  const name = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
    .filter((text) => !/__proto__|NaN|undefined|Infinity/.test(text))
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(1, 2, 7, 40),
      fc.uniqueArray(name, { minLength: 2, maxLength: 10 }),
      name,
      async (speakers, classes, note) => {
        const made = judgedCorpus({ speakers, classes, takes: 1, folds: Math.min(speakers, 5) })
        made.corpus.push(manifestRow({ file: note, status: 'rejected', note }))
        const report = await madeReport(made, { corpusInfo: { title: note, licence: note } })
        const page = reportPage(report)
        expect(unbalanced(page)).toEqual([])
        expect(page).not.toMatch(/NaN|undefined|Infinity|\[object/)
      },
    ),
    { numRuns: 30 },
  )
})

test('names cannot add markup', async () => {
  const hostile = '</style></title><script>alert(1)</script>"\'&'
  const made = judgedCorpus({ classes: [hostile, 'b'] })
  made.corpus.push(manifestRow({ file: hostile, status: 'unreadable', note: hostile }))
  const page = reportPage(
    await madeReport(made, {
      corpusInfo: { title: hostile, licence: hostile, citation: hostile, recipeOrigin: hostile },
      provenance: { settings: { [hostile]: hostile }, backend: hostile },
    }),
  )
  expect(page).not.toContain('<script')
  expect(page.match(/<\/title>\s*<style>/g)).toHaveLength(1)
  expect(page.match(/<\/style>/g)).toHaveLength(1)
  expect(unbalanced(page)).toEqual([])
})

test('a report read from its file gives the same page as the one it was written from', async () => {
  const made = judgedCorpus({ classes: ['z', 'a', 'm'] })
  const report = await madeReport(made, { provenance: { settings: { z: 1, a: { y: 2, b: 3 } } } })
  const read = JSON.parse(canonicalJson(report)) as Report
  expect(reportPage(read)).toBe(reportPage(report))
})

test('files that were not used are named, and beyond a hundred counted', async () => {
  const made = judgedCorpus()
  for (let i = 0; i < 103; i++) {
    made.corpus.push(manifestRow({ file: `song-${i}.wav`, status: 'skipped' }))
  }
  const text = textOf(reportPage(await madeReport(made)))
  expect(text).toContain('103 files of the corpus folder are in none of these numbers.')
  expect(text).toContain('song-99.wav')
  expect(text).not.toContain('song-100.wav')
  expect(text).toContain('and 3 more, all in report.json')
})

test('without baseline, interval, warnings and left-out files the page has no empty section', async () => {
  const report = await madeReport({ ...judgedCorpus({ speakers: 1, folds: 1 }), baselines: [] })
  const text = textOf(reportPage({ ...report, warnings: [] }))
  expect(text).toContain('no interval: one speaker')
  expect(text).not.toContain('Before you quote')
  expect(text).not.toContain('ridge')
  expect(text).not.toContain('Files that were not used')
})

test('an absent class is shown as such', async () => {
  const made = judgedCorpus({ classes: ['a', 'b'] })
  const more = (tables: typeof made.predictions) =>
    tables.map((table) => table.map((row) => ({ ...row, p_c: 0 })))
  const page = reportPage(
    await madeReport({
      ...made,
      classes: ['a', 'b', 'c'],
      predictions: more(made.predictions),
      baselines: more(made.baselines),
    }),
  )
  expect(page).toContain('<title>c: does not occur</title>')
  expect(textOf(page)).toContain('No used recording of c')
})

test('the stage gives the page as UTF-8', async () => {
  const report = await madeReport(judgedCorpus(), { corpusInfo: { title: 'Größe 感情' } })
  const bytes = await reportPageStage.run({ report }, {}, { part: {}, progress: () => undefined })
  expect(new TextDecoder().decode(bytes)).toBe(reportPage(report))
  expect(new TextDecoder().decode(bytes)).toContain('<h1>Größe 感情</h1>')
})

test('where speakers are unknown the page says in its title, its banner and its headline what that means', async () => {
  const page = reportPage(await madeReport({ ...judgedCorpus(), speakersKnown: false }))
  expect(page).toMatch(/<title>[^<]*not speaker-independent/)
  expect(page).toContain('Not speaker-independent: speakers may be heard both')
  expect(page).toContain('no interval: not speaker-independent')
  expect(page).toContain('speakers unknown')
  expect(page).not.toContain('had never heard its speaker')
  expect(page).not.toContain('UAR by speaker')
})

test('each corpus has its counts, licence and citation, and what became of its labels', async () => {
  const part = {
    kind: 'table',
    classes: ['angry', 'happy'],
    where: null,
    labels: null,
    labelVersions: { reader: null, map: null },
    labelChanges: [],
  }
  const corpora = [
    {
      ...part,
      name: 'made',
      title: 'First',
      licence: 'L1',
      citation: 'C1',
      labels: { calm: 'neutral', bored: null },
      labelChanges: [{ label: 'calm', countsAs: 'neutral', byDefault: false, utterances: 3 }],
    },
    {
      ...part,
      name: 'other',
      title: 'Second',
      licence: 'L2',
      citation: 'C2',
      where: { intensity: 'strong' },
      labels: 'common',
      labelVersions: { reader: 3, map: 2 },
      labelChanges: [
        { label: 'excited', countsAs: 'happy', byDefault: true, utterances: 1 },
        { label: 'fear', countsAs: null, byDefault: false, utterances: 2 },
        { label: 'other', countsAs: null, byDefault: true, utterances: 4 },
      ],
    },
  ]
  const report = await madeReport(judgedCorpus(), { corpusInfo: { corpora } })
  const page = reportPage(report)
  for (const text of ['First', 'L1', 'C1', 'Second', 'L2', 'C2', '72 recordings of 6 speakers']) {
    expect(page).toContain(text)
  }
  expect(page).toContain('bored left out (0 utterances), calm counts as neutral (3 utterances)')
  expect(page).toContain(
    'those of the corpus, version 3, by the map &quot;common&quot;, version 2, excited counts as happy (1 utterance), fear left out (2 utterances), other left out (4 utterances)',
  )
  // What nobody asked for is a warning too.
  expect(report.warnings).toContain(
    'Labels of other are merged by default: excited counts as happy (1 utterance).',
  )
  expect(report.warnings).toContain(
    'Labels of other are left out by default: other (4 utterances).',
  )
  expect(report.warnings.join()).not.toMatch(/calm|fear/)
  expect(page).toContain('{&quot;intensity&quot;:&quot;strong&quot;}')
})
