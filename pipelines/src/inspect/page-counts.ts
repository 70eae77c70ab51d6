import { counted, html, nothing, type Markup } from '@serflow/evaluate'
import { duration } from '../progress.js'
import { countStrip, decibels, durationHistogram, levelAxis, levelStrip } from './charts.js'
import type { FolderInspection } from './schema.js'

/** How many utterances there are of each class. */
export function classSection({ classes }: FolderInspection): Markup {
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
export function crossSection({ classes, speakers }: FolderInspection): Markup {
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

/** How long they are. */
export function lengthSection({
  duration: lengths,
  recordings,
  utterances,
}: FolderInspection): Markup {
  if (!lengths) return nothing
  const { minimum, median, maximum, total } = lengths
  const whole = recordings.length === utterances
  return html`<section aria-labelledby="lengths">
    <h2 id="lengths">Lengths</h2>
    <p class="lead">
      ${
        minimum.toFixed(2) === maximum.toFixed(2)
          ? `Each ${median.toFixed(2)} s`
          : `From ${minimum.toFixed(2)} to ${maximum.toFixed(2)} s, half of them below ${median.toFixed(2)} s`
      },
      ${duration(total)} in
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

/** Who speaks, how much and how loud. */
export function speakerSection({
  speakers,
  genders,
  sessions,
  level,
  kind,
}: FolderInspection): Markup {
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

/** What the files are. */
export function formatSection({
  files,
  formats,
  sampleRatesHz,
  channels,
}: FolderInspection): Markup {
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
