import { counted, html, nothing, pageStyle, percent, trusted, type Markup } from '@serflow/evaluate'
import { duration } from '../progress.js'
import { countStrip, decibels, durationHistogram, levelAxis, levelStrip } from './charts.js'
import { duplicateSection, findingSections } from './page-findings.js'
import type { FileInspection, FolderInspection } from './schema.js'

/** An inspection as one page that needs nothing else. Equal inspections give equal text. */
export function folderPage(found: FolderInspection): string {
  const { title, folder, utterances, speakers, classes, duration: lengths } = found
  const facts = [
    counted(utterances, 'utterance'),
    ...(speakers.length > 0 ? [counted(speakers.length, 'speaker')] : []),
    ...(classes.length > 0 ? [counted(classes.length, 'class', 'classes')] : []),
    ...(lengths ? [duration(lengths.total)] : []),
  ]
  return page(
    found.kind === null ? 'Sounds of no known corpus' : title,
    html`<p class="facts">${facts.join(' · ')}</p>
      <p class="facts"><code>${folder}</code>${found.guess ? ` · ${found.guess}` : ''}</p>`,
    html`${warningSection(found.warnings)} ${classSection(found)} ${crossSection(found)}
    ${lengthSection(found)} ${speakerSection(found)} ${formatSection(found)}
    ${findingSections(found)} ${duplicateSection(found.duplicates)}`,
  )
}

/** A file's inspection as a page. */
export function filePage(found: FileInspection): string {
  const rows: readonly (readonly [string, string])[] = [
    ['Format', found.coding ? `${found.format}, ${found.coding}` : found.format],
    ['Rate', `${found.sampleRateHz} Hz`],
    ['Channels', `${found.channels}${found.channelsAlike ? ', all alike' : ''}`],
    ['Length', `${found.durationSeconds.toFixed(3)} s, ${found.frames} samples`],
    ['Level (RMS)', `${decibels(found.rmsDb)} dBFS`],
    ['Peak', `${decibels(found.peakDb)} dBFS`],
    ['Exact zeros', `${percent(found.zeroShare)} of samples`],
    ['Mean (offset)', found.offset.toFixed(6)],
    ['Windows of predict', String(found.windows.length)],
    ['Bytes', String(found.bytes)],
    ['SHA-256', found.digest],
  ]
  const chunks = found.chunks?.map(
    ({ id, offset, bytes }) =>
      html`<tr>
        <th scope="row"><code>${id}</code></th>
        <td class="number">${offset}</td>
        <td class="number">${bytes}</td>
      </tr> `,
  )
  return page(
    found.file,
    nothing,
    html`${warningSection(found.notes, 'What is odd about it')}
      <section aria-labelledby="facts">
        <h2 id="facts">What it is</h2>
        <dl class="pair">
          ${rows.map(
            ([name, text]) =>
              html`<dt>${name}</dt>
                <dd>${text}</dd> `,
          )}
        </dl>
      </section>
      ${
        chunks
          ? html`<section aria-labelledby="chunks">
              <h2 id="chunks">Chunks</h2>
              <div class="scroll">
                <table>
                  <thead>
                    <tr>
                      <th scope="col">Chunk</th>
                      <th scope="col" class="number">Begins at</th>
                      <th scope="col" class="number">Bytes</th>
                    </tr>
                  </thead>
                  <tbody>
                    ${chunks}
                  </tbody>
                </table>
              </div>
            </section>`
          : nothing
      }`,
  )
}

function page(title: string, facts: Markup, main: Markup): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="generator" content="serflow" />
        <title>${title}: inspection · serflow</title>
        <style>
          ${trusted(pageStyle)}${trusted(ownStyle)}
        </style>
      </head>
      <body>
        <header>
          <p class="eyebrow">Inspection of recordings</p>
          <h1>${title}</h1>
          ${facts}
        </header>
        <main>${main}</main>
        <footer>
          <p>
            Made by serflow inspect; with <code>--json</code> it gives all of this, file by file.
          </p>
        </footer>
      </body>
    </html> `.markup
}

const ownStyle = `
.counts td, .counts thead th { text-align: right; padding: 3px 8px; }
.counts thead th:first-child, .counts tbody th { text-align: left; }
.counts td.none { color: var(--alert); }
.facts code { overflow-wrap: anywhere; }
`

function warningSection(warnings: readonly string[], title = 'Before you train on it'): Markup {
  if (warnings.length === 0) return nothing
  return html`<section class="warnings" aria-labelledby="warnings">
    <h2 id="warnings">${title}</h2>
    <ul>
      ${warnings.map((warning) => html`<li>${warning}</li> `)}
    </ul>
  </section>`
}

function classSection({ classes }: FolderInspection): Markup {
  if (classes.length === 0) return nothing
  const most = classes.reduce((left, { utterances }) => Math.max(left, utterances), 0)
  const rows = classes.map(
    ({ name, utterances, speakers, seconds }) =>
      html`<tr>
        <th scope="row">${name}</th>
        <td class="chart">${countStrip(name, utterances, most)}</td>
        <td class="number">${utterances}</td>
        <td class="number spare">${speakers}</td>
        <td class="number spare">${duration(seconds)}</td>
      </tr> `,
  )
  return html`<section aria-labelledby="classes">
    <h2 id="classes">Classes</h2>
    <p class="lead">Utterances of each class, in the order of the class index.</p>
    <div class="scroll">
      <table class="wide">
        <thead>
          <tr>
            <th scope="col">Class</th>
            <td class="chart"></td>
            <th scope="col" class="number">Utterances</th>
            <th scope="col" class="number spare">Speakers</th>
            <th scope="col" class="number spare">Length</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
  </section>`
}

/** Wider or longer tables than this say nothing to an eye. */
const mostColumns = 12
const mostRows = 100

/** Who says what how often: where it is uneven, voice and class go together. */
function crossSection({ classes, speakers }: FolderInspection): Markup {
  const names = classes.map(({ name }) => name)
  if (names.length < 2 || names.length > mostColumns || speakers.length < 2) return nothing
  const rows = speakers.slice(0, mostRows).map(
    ({ speakerId, utterances, utterancesByClass }) =>
      html`<tr>
        <th scope="row">${speakerId}</th>
        ${names.map((name) => {
          const count = Object.hasOwn(utterancesByClass, name) ? utterancesByClass[name]! : 0
          return count === 0 ? html`<td class="none">0</td>` : html`<td>${count}</td>`
        })}
        <td>${utterances}</td>
      </tr> `,
  )
  const table = html`<table class="counts">
    <thead>
      <tr>
        <th scope="col">Speaker</th>
        ${names.map((name) => html`<th scope="col">${name}</th>`)}
        <th scope="col">all</th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`
  return html`<section aria-labelledby="cross">
    <h2 id="cross">Speakers and classes</h2>
    <p class="lead">Utterances of each speaker by class${speakers.length > mostRows ? `; the first ${mostRows} of ${speakers.length} speakers` : ''}.</p>
    <details${speakers.length <= mostColumns ? ' open' : ''}>
<summary>Table of ${counted(speakers.length, 'speaker')}</summary>
<div class="scroll">${table}</div>
</details>
  </section>`
}

function lengthSection({ duration: lengths, recordings, utterances }: FolderInspection): Markup {
  if (!lengths) return nothing
  const { minimum, median, maximum, total } = lengths
  const whole = recordings.length === utterances
  return html`<section aria-labelledby="lengths">
    <h2 id="lengths">Lengths</h2>
    <p class="lead">
      From ${minimum.toFixed(2)} to ${maximum.toFixed(2)} s, half of them below ${median.toFixed(2)}
      s, ${duration(total)} in
      all.${whole ? '' : ' The chart has the lengths of the files, which hold several utterances.'}
    </p>
    <figure>
      <div class="plotted">
        ${durationHistogram(recordings.map(({ durationSeconds }) => durationSeconds))}
      </div>
      <p class="facts">seconds</p>
    </figure>
  </section>`
}

function speakerSection({ speakers, genders, sessions, level, kind }: FolderInspection): Markup {
  if (!level) return nothing
  const all = { speakerId: 'all', gender: null, utterances: null, level }
  const rows = [...speakers.slice(0, mostRows), ...(speakers.length === 1 ? [] : [all])].map(
    (each) =>
      html`<tr>
        <th scope="row">${each.speakerId}</th>
        <td class="spare">${each.gender ?? ''}</td>
        <td class="number">${each.utterances ?? ''}</td>
        <td class="chart">${levelStrip(each.speakerId, each.level)}</td>
        <td class="number">${decibels(each.level.median)}</td>
        <td class="number spare">${decibels(each.level.peak)}</td>
      </tr> `,
  )
  const tallies = [
    ...genders.map(
      (each) =>
        `${each.gender}: ${counted(each.speakers, 'speaker')}, ${counted(each.utterances, 'utterance')}`,
    ),
    ...sessions.map(
      (each) =>
        `session ${each.session}: ${counted(each.speakers, 'speaker')}, ${counted(each.utterances, 'utterance')}`,
    ),
  ]
  return html`<section aria-labelledby="speakers">
    <h2 id="speakers">${kind === null ? 'Level' : 'Speakers and their level'}</h2>
    <p class="lead">
      Level of each file (RMS, dB below full scale): the line goes from the quietest to the loudest,
      the dot is the middle one, the mark across is the highest peak.
    </p>
    <div class="scroll">
      <table class="wide">
        <thead>
          <tr>
            <th scope="col">${speakers.length > 0 ? 'Speaker' : ''}</th>
            <th scope="col" class="spare">${speakers.length > 0 ? 'Gender' : ''}</th>
            <th scope="col" class="number">${speakers.length > 0 ? 'Utterances' : ''}</th>
            <td class="chart"></td>
            <th scope="col" class="number">Median, dB</th>
            <th scope="col" class="number spare">Peak, dB</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
        <tfoot>
          <tr>
            <td></td>
            <td class="spare"></td>
            <td></td>
            <td class="chart">${levelAxis()}</td>
          </tr>
        </tfoot>
      </table>
    </div>
    ${
      tallies.length > 0
        ? html`<ul class="legend">
            ${tallies.map((text) => html`<li>${text}</li> `)}
          </ul>`
        : nothing
    }
  </section>`
}

function formatSection({ files, formats, sampleRatesHz, channels }: FolderInspection): Markup {
  const list = (items: readonly { value: string | number; files: number }[], unit = '') =>
    items.map(({ value, files: count }) => `${value}${unit} (${count})`).join(', ') || '–'
  return html`<section aria-labelledby="files">
    <h2 id="files">Files</h2>
    <dl class="pair">
      <dt>Found</dt>
      <dd>${files.found}</dd>
      <dt>Read</dt>
      <dd>${files.read}</dd>
      <dt>Unreadable</dt>
      <dd>${files.unreadable}</dd>
      <dt>Rejected by their names</dt>
      <dd>${files.rejected}</dd>
      <dt>Of another kind</dt>
      <dd>${files.skipped}</dd>
      <dt>Other, such as lists of labels</dt>
      <dd>${files.other}</dd>
      <dt>Formats</dt>
      <dd>${list(formats)}</dd>
      <dt>Rates</dt>
      <dd>${list(sampleRatesHz, ' Hz')}</dd>
      <dt>Channels</dt>
      <dd>${list(channels)}</dd>
    </dl>
  </section>`
}
