import { rowShares } from '../confusion.js'
import type { Report } from '../schema.js'
import { percent } from '../wording.js'
import { html, type Markup } from './markup.js'

/** The confusion matrix as a table: rows are the truth, counts in the cells, shaded by their share of the row. */
export function confusionSection({ classes, confusion, protocol, recalls }: Report): Markup {
  const shares = rowShares(confusion)
  const cell = (truth: number, prediction: number) => {
    const count = confusion[truth]![prediction]!
    const share = shares[truth]?.[prediction] ?? 0
    const hint = `${classes[truth]!} taken for ${classes[prediction]!}: ${count}, ${percent(share)} of the row`
    const kind = truth === prediction ? ' right' : count === 0 ? ' none' : ''
    return html`<td class="cell${kind}" style="--share:${share.toFixed(3)}" title="${hint}">
      ${count}
    </td>`
  }
  const rows = classes.map(
    (name, truth) =>
      html`<tr>
        <th scope="row">${name}</th>
        ${classes.map((_, prediction) => cell(truth, prediction))}
        <td class="number">${recalls[name] == null ? 'none' : percent(recalls[name])}</td>
      </tr> `,
  )
  const seeds = protocol.seeds.length
  const lead =
    'Rows are the truth: each is an emotion as it was meant, each column what it was taken for. ' +
    `Cells count recordings${seeds > 1 ? `, summed over ${seeds} seeds` : ''}; ` +
    'the stronger the shade, the larger the share of the row. On the diagonal: recognised.'
  return html`<section aria-labelledby="confusion">
    <h2 id="confusion">What is taken for what</h2>
    <p class="lead">${lead}</p>
    <div class="scroll">
      <table
        class="${headersFit(classes) ? 'matrix' : 'matrix tall'}"
        style="--classes:${classes.length}"
      >
        <colgroup>
          <col class="names" />
          <col span="${classes.length}" />
          <col class="rates" />
        </colgroup>
        <thead>
          <tr>
            <td></td>
            <th scope="colgroup" class="axis" colspan="${classes.length}">taken for</th>
            <td></td>
          </tr>
          <tr>
            <th scope="col" class="axis truth">truth</th>
            ${classes.map((name) => html`<th scope="col" class="class"><span>${name}</span></th>`)}
            <th scope="col" class="number">recall</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>
    </div>
  </section>`
}

/** Whether the names can stand upright over columns that share the page's width; else they are turned. */
function headersFit(classes: readonly string[]): boolean {
  const columnPixels = Math.min(110, 712 / classes.length)
  const letterPixels = 8.2
  return classes.every((name) => [...name].length * letterPixels <= columnPixels - 6)
}
