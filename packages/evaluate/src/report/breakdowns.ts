import type { Report } from '../schema.js'
import { counted, listed, percent, points } from '../wording.js'
import { genderSign, speakerChart } from './charts.js'
import { html, nothing, type Markup } from './markup.js'

/** A table of more rows than this is folded up. */
const mostOpenRows = 12

/** UAR of each speaker as a chart and a table, and of each gender. */
export function speakerSection({ perSpeaker, perGender, uar, chance, baselines }: Report): Markup {
  if (perSpeaker.length === 0) return nothing
  const legend = perGender.map(
    ({ gender, speakers, uar: own }) =>
      html`<li>
        ${genderSign(gender)} ${gender}: UAR ${percent(own)}, ${counted(speakers, 'speaker')}
      </li> `,
  )
  const lead =
    'Each sign is a speaker, best first. The line is the UAR over all' +
    (uar.low === null ? '.' : ', the band its interval.')
  return html`<section aria-labelledby="speakers">
    <h2 id="speakers">UAR by speaker</h2>
    <p class="lead">${lead}</p>
    <figure>
      <div class="plotted">${speakerChart(perSpeaker, uar, chance)}</div>
      <ul class="legend">
        ${legend}
      </ul>
    </figure>
    ${folded(`Table of ${counted(perSpeaker.length, 'speaker')}`, perSpeaker.length, speakerTable(perSpeaker, baselines))}
  </section>`
}

function speakerTable(perSpeaker: Report['perSpeaker'], baselines: Report['baselines']): Markup {
  const others = baselines.map(({ name, perSpeaker: own }) => ({
    name,
    uars: new Map(own.map(({ speakerId, uar }) => [speakerId, uar])),
  }))
  const rows = perSpeaker.map(({ speakerId, gender, utterances, uar }) => {
    const against = others.map(({ uars }) => {
      const other = uars.get(speakerId)
      if (other === undefined)
        return html`<td class="number">–</td>
          <td class="number">–</td>`
      return html`<td class="number">${percent(other)}</td>
        <td class="number">${points(uar - other)}</td>`
    })
    return html`<tr>
      <th scope="row">${speakerId}</th>
      <td>${gender}</td>
      <td class="number">${utterances}</td>
      <td class="number">${percent(uar)}</td>
      ${against}
    </tr> `
  })
  return html`<table>
    <thead>
      <tr>
        <th scope="col">Speaker</th>
        <th scope="col">Gender</th>
        <th scope="col" class="number">Recordings</th>
        <th scope="col" class="number">UAR</th>
        ${others.map(
          ({ name }) =>
            html`<th scope="col" class="number">${name}</th>
              <th scope="col" class="number">Difference, points</th>`,
        )}
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`
}

/** Each seed's numbers where there are several, and each fold's. */
export function foldSection({ perSeed, perFold, protocol }: Report): Markup {
  return html`<section aria-labelledby="folds">
    <h2 id="folds">By ${perSeed.length > 1 ? 'seed and fold' : 'fold'}</h2>
    <p class="lead">
      A fold is a training on other ${protocol.speakersIndependent ? 'speakers' : 'recordings'},
      tested on its
      own.${
        perSeed.length > 1
          ? ' A seed is a repetition of all folds with other random numbers; every rate of this page is the mean over seeds.'
          : ''
      }
    </p>
    ${perSeed.length > 1 ? html`<div class="scroll">${seedTable(perSeed)}</div>` : nothing}
    ${folded(`Table of ${counted(perFold.length, 'fold')}`, perFold.length, foldTable(perFold))}
  </section>`
}

function seedTable(perSeed: Report['perSeed']): Markup {
  const rows = perSeed.map(
    ({ seed, uar, accuracy, macroF1 }) =>
      html`<tr>
        <th scope="row">${seed ?? 'none'}</th>
        <td class="number">${percent(uar)}</td>
        <td class="number">${percent(accuracy)}</td>
        <td class="number">${percent(macroF1)}</td>
      </tr> `,
  )
  return html`<table>
    <thead>
      <tr>
        <th scope="col">Seed</th>
        <th scope="col" class="number">UAR</th>
        <th scope="col" class="number">Accuracy</th>
        <th scope="col" class="number">Macro-F1</th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`
}

function foldTable(perFold: Report['perFold']): Markup {
  const seeds = perFold[0]?.uarBySeed.map(({ seed }) => seed) ?? []
  const several = seeds.length > 1
  const lacking = perFold.some(({ absentClasses }) => absentClasses.length > 0)
  const rows = perFold.map(
    (fold) =>
      html`<tr>
        <th scope="row">${fold.fold}</th>
        <td class="words">${listed(fold.speakerIds, 12)}</td>
        <td class="number">${fold.utterances}</td>
        <td class="number">${percent(fold.uar)}</td>
        <td class="number">${percent(fold.accuracy)}</td>
        ${
          several
            ? fold.uarBySeed.map(({ uar }) => html`<td class="number">${percent(uar)}</td>`)
            : nothing
        }${lacking ? html`<td class="words">${listed(fold.absentClasses, 12)}</td>` : nothing}
      </tr> `,
  )
  return html`<table>
    <thead>
      <tr>
        <th scope="col">Fold</th>
        <th scope="col">Tested on</th>
        <th scope="col" class="number">Recordings</th>
        <th scope="col" class="number">UAR</th>
        <th scope="col" class="number">Accuracy</th>
        ${
          several
            ? seeds.map(
                (seed) => html`<th scope="col" class="number">UAR, seed ${seed ?? 'none'}</th>`,
              )
            : nothing
        }${lacking ? html`<th scope="col">Emotions that do not occur</th>` : nothing}
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`
}

/** A table behind a summary, open where it is short. */
export function folded(summary: string, rows: number, table: Markup): Markup {
  return html`<details${rows <= mostOpenRows ? ' open' : ''}>
<summary>${summary}</summary>
<div class="scroll">${table}</div>
</details>`
}
