import { canonicalJson } from '@serflow/core'
import type { Report } from '../schema.js'
import { counted } from '../wording.js'
import { folded } from './breakdowns.js'
import { html, nothing, type Content, type Markup } from './markup.js'

/** The page names at most so many files; report.json has all. */
const mostFiles = 100

const whys = {
  duplicate: 'copy of a used file',
  unreadable: 'cannot be read as sound',
  rejected: "not named as the corpus's files are",
  skipped: 'a file of another kind',
} as const

/** Files of the corpus folder that were left out, and why. */
export function skippedSection(skipped: Report['skipped']): Markup {
  if (skipped.length === 0) return nothing
  const rows = skipped.slice(0, mostFiles).map(
    ({ file, status, note }) =>
      html`<tr>
        <td class="words">${file}</td>
        <td>${whys[status]}</td>
        <td class="words">${note ?? ''}</td>
      </tr> `,
  )
  const more = skipped.length - mostFiles
  return html`<section aria-labelledby="skipped">
    <h2 id="skipped">Files that were not used</h2>
    <p class="lead">
      ${counted(skipped.length, 'file')} of the corpus folder ${skipped.length === 1 ? 'is' : 'are'}
      in none of these numbers.
    </p>
    ${folded(
      counted(skipped.length, 'file'),
      skipped.length,
      html`<table>
          <thead>
            <tr>
              <th scope="col">File</th>
              <th scope="col">Why</th>
              <th scope="col">Note</th>
            </tr>
          </thead>
          <tbody>
            ${rows}
          </tbody>
        </table>
        ${more > 0 ? html`<p>and ${more} more, all in <code>report.json</code></p>` : nothing}`,
    )}
  </section>`
}

/** How the numbers were made: protocol, data, program, and all settings. */
export function methodSection({ protocol, provenance, perCorpus, classes }: Report): Markup {
  const { corpora, inputs, packages, backend, kernels, settings } = provenance
  const versions = Object.entries(packages)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, version]) => `${name} ${version}`)
  // Sorted by key first, so that a report read from its file gives the same page as the one it was written from.
  const sorted: unknown = JSON.parse(canonicalJson(settings ?? null))
  return html`<section aria-labelledby="method">
    <h2 id="method">How it was made</h2>
    <h3>Protocol</h3>
    ${pairs([
      ['Folds', protocol.foldScheme],
      [
        'Speakers',
        protocol.speakersIndependent
          ? 'no speaker is on both sides of a fold (checked in this run)'
          : 'may be on both sides of a fold: not speaker-independent',
      ],
      ['Sentences', protocol.sentences],
      ['Headline', protocol.headline],
      ['Interval', protocol.interval],
      ['Seeds', protocol.seeds.map((seed) => seed ?? 'none').join(', ')],
      ['Choice of epochs and settings', protocol.selection],
      ['Augmentation', protocol.augmentation],
      ['Copies voting at test', protocol.voting],
    ])}
    <h3>Data</h3>
    ${corpora.map((each) => corpusFacts(each, perCorpus, classes))}
    ${pairs([['Files read', html`${inputs.files}, digest <code>${inputs.digest}</code>`]])}
    <h3>Program</h3>
    ${pairs([
      ['Backend', backend],
      ...(kernels ? [['Kernels', kernelsInWords(kernels)] as const] : []),
      ['Versions', versions.join(', ')],
    ])}
    <details>
      <summary>All settings</summary>
      <pre>${JSON.stringify(sorted, null, 2)}</pre>
    </details>
  </section>`
}

function kernelsInWords({
  reader,
  frontEnd,
}: NonNullable<Report['provenance']['kernels']>): string {
  return `reading sound ${reader}, log-mels ${frontEnd}`
}

function corpusFacts(
  {
    name,
    title,
    licence,
    citation,
    labels,
    labelVersions,
    labelChanges,
    where,
  }: Report['provenance']['corpora'][number],
  perCorpus: Report['perCorpus'],
  labelled: readonly string[],
): Markup {
  const used = perCorpus.find(({ corpus }) => corpus === name)
  const classes = labelled.map((label) => `${label} ${used?.byClass[label] ?? 0}`)
  const people = used && used.speakers > 0 ? ` of ${counted(used.speakers, 'speaker')}` : ''
  return pairs([
    ['Corpus', title],
    [
      'Used',
      used ? `${counted(used.utterances, 'recording')}${people}: ${classes.join(', ')}` : 'nothing',
    ],
    ...(labelVersions.reader === null && labels === null && labelChanges.length === 0
      ? []
      : ([['Labels', labelsInWords(labels, labelVersions, labelChanges)]] as const)),
    ...(where === null ? [] : ([['Only where', canonicalJson(where)]] as const)),
    ['Licence of the data', licence],
    ['Cite as', citation],
  ])
}

type Part = Report['provenance']['corpora'][number]

/** What became of labels, with the number of utterances of each. */
function labelsInWords(
  labels: Part['labels'],
  { reader, map }: Part['labelVersions'],
  changes: Part['labelChanges'],
): string {
  const named = [
    ...(reader === null ? [] : [`those of the corpus, version ${reader}`]),
    ...(typeof labels === 'string' ? [`by the map "${labels}", version ${map}`] : []),
  ]
  // What the settings map and nobody has is told as well.
  const mapped = typeof labels === 'string' ? [] : Object.entries(labels ?? {})
  const unused = mapped.filter(([label]) => !changes.some((change) => change.label === label))
  const rows = [
    ...unused.map(([label, countsAs]) => ({ label, countsAs, utterances: 0 })),
    ...changes,
  ]
  // Sorted, so that a report read from its file gives the same page.
  const told = rows
    .sort((left, right) => (left.label < right.label ? -1 : 1))
    .map(({ label, countsAs, utterances }) => {
      const what = countsAs === null ? 'left out' : `counts as ${countsAs}`
      return `${label} ${what} (${counted(utterances, 'utterance')})`
    })
  return [...named, ...told].join(', ')
}

function pairs(entries: readonly (readonly [term: string, description: Content])[]): Markup {
  return html`<dl class="pair">
    ${entries.map(
      ([term, description]) =>
        html`<dt>${term}</dt>
          <dd>${description}</dd> `,
    )}
  </dl>`
}
