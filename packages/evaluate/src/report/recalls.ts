import { truthCounts } from '../confusion.js'
import { precisionsOf } from '../metrics.js'
import type { Report } from '../schema.js'
import { percent } from '../wording.js'
import { recallStrip, stripAxis } from './charts.js'
import { html, nothing, type Markup } from './markup.js'

/** Recall of each class as a bar, with the first baseline's as a mark, and precision. */
export function recallSection(report: Report): Markup {
  const { classes, confusion, recalls, protocol } = report
  const baseline = report.baselines[0]
  const precisions = precisionsOf(confusion)
  const truths = truthCounts(confusion)
  const rate = (value: number | null | undefined) => (value == null ? '–' : percent(value))
  const rows = classes.map((name, index) => {
    const value = recalls[name] ?? null
    const against = baseline?.recalls[name] ?? null
    return html`<tr>
      <th scope="row">${name}</th>
      <td class="chart">${recallStrip({ label: name, value, baseline: against })}</td>
      <td class="number">${rate(value)}</td>
      ${baseline ? html`<td class="number">${rate(against)}</td>` : nothing}
      <td class="number spare">${rate(precisions[index])}</td>
      <td class="number spare">${truths[index]! / protocol.seeds.length}</td>
    </tr> `
  })
  const lead =
    "Recall is the share of an emotion's recordings that is recognised; precision the share of answers with " +
    'this emotion that is right.' +
    (baseline ? ` Bars are the network, the marks across are ${baseline.name}.` : '')
  return html`<section aria-labelledby="recalls">
    <h2 id="recalls">Recall by emotion</h2>
    <p class="lead">${lead}</p>
    <div class="scroll">
      <table class="wide">
        <thead>
          <tr>
            <th scope="col">Emotion</th>
            <td class="chart"></td>
            <th scope="col" class="number">Recall</th>
            ${baseline ? html`<th scope="col" class="number">${baseline.name}</th>` : nothing}
            <th scope="col" class="number spare">Precision</th>
            <th scope="col" class="number spare">Recordings</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
        <tfoot>
          <tr>
            <td></td>
            <td class="chart">${stripAxis()}</td>
          </tr>
        </tfoot>
      </table>
    </div>
  </section>`
}
