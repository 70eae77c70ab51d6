import { counted, html, nothing, pageStyle, percent, trusted, type Markup } from '@serflow/evaluate'
import { duration } from '../progress.js'
import { decibels } from './charts.js'
import {
  classSection,
  crossSection,
  formatSection,
  lengthSection,
  speakerSection,
} from './page-counts.js'
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
