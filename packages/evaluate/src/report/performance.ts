import { rowShares, truthCounts } from '../confusion.js'
import { precisionsOf } from '../metrics.js'
import type { Report } from '../schema.js'
import { counted, level, percent, points } from '../wording.js'
import { intervalStrip, recallStrip, stripAxis } from './charts.js'
import { html, nothing, type Markup } from './markup.js'

/** The network and its baselines on one scale, and in a sentence whether the network is better. */
export function comparisonSection(report: Report): Markup {
  const { baselines, chance, protocol } = report
  const row = (
    name: string,
    { uar, accuracy, macroF1 }: Pick<Report, 'uar' | 'accuracy' | 'macroF1'>,
    tone: 'network' | 'baseline',
  ) =>
    html`<tr>
      <th scope="row">${name}</th>
      <td class="chart">${intervalStrip({ label: `${name}, UAR`, ...uar, chance, tone })}</td>
      <td class="number">${percent(uar.value)}</td>
      <td class="number">
        ${
          uar.low === null || uar.high === null
            ? '–'
            : `${percent(uar.low)} to ${percent(uar.high)}`
        }
      </td>
      <td class="number">${percent(accuracy)}</td>
      <td class="number">${percent(macroF1)}</td>
    </tr> `
  return html`<section aria-labelledby="comparison">
    <h2 id="comparison">${baselines.length === 0 ? 'The network' : 'Network against baseline'}</h2>
    <p class="lead">
      ${
        baselines.length === 0
          ? ''
          : 'The baseline is a linear model on the same embeddings: what the pretrained features give without the network. '
      }Dots
      are UARs, bars their ${level(protocol.confidence)} intervals, the dashed line is chance.
    </p>
    <div class="scroll">
      <table class="wide">
        <thead>
          <tr>
            <th scope="col">Model</th>
            <td class="chart"></td>
            <th scope="col" class="number">UAR</th>
            <th scope="col" class="number">Interval</th>
            <th scope="col" class="number">Accuracy</th>
            <th scope="col" class="number">Macro-F1</th>
          </tr>
        </thead>
        <tbody>
          ${row('network', report, 'network')}${baselines.map((baseline) => row(baseline.name, baseline, 'baseline'))}
        </tbody>
        <tfoot>
          <tr>
            <td></td>
            <td class="chart">${stripAxis()}</td>
            <td colspan="4"></td>
          </tr>
        </tfoot>
      </table>
    </div>
    ${baselines.map((baseline) => verdict(baseline, report))}
  </section>`
}

function verdict(
  { name, difference: { value, low, high } }: Report['baselines'][number],
  { speakers, protocol }: Report,
): Markup {
  const found = html`Network minus ${name}: <strong>${points(value)} points</strong>`
  if (low === null || high === null) {
    return html`<p class="verdict">
      ${found}. With one speaker there is no telling whether that is more than chance.
    </p>`
  }
  const judged =
    low > 0
      ? `The network is better than ${name}.`
      : high < 0
        ? `The network is worse than ${name}.`
        : `The network is not shown to be better than ${name}: the interval includes no difference.`
  return html`<p class="verdict">
    ${found}, ${level(protocol.confidence)} interval ${points(low)} to ${points(high)}, paired over
    ${counted(speakers, 'speaker')}. <strong>${judged}</strong>
  </p>`
}

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
  return html`<section aria-labelledby="confusion">
    <h2 id="confusion">What is taken for what</h2>
    <p class="lead">
      Each row is an emotion as it was meant (the truth), each column what it was taken for. Cells
      count recordings${seeds > 1 ? `, summed over ${seeds} seeds` : ''}; the darker, the larger the
      share of the row. On the diagonal: recognised.
    </p>
    <div class="scroll">
      <table class="matrix">
        <thead>
          <tr>
            <td></td>
            <th scope="colgroup" class="axis" colspan="${classes.length}">taken for</th>
            <td></td>
          </tr>
          <tr>
            <th scope="col" class="axis">truth</th>
            ${classes.map((name) => html`<th scope="col">${name}</th>`)}
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
      <td class="number">${rate(precisions[index])}</td>
      <td class="number">${truths[index]! / protocol.seeds.length}</td>
    </tr> `
  })
  return html`<section aria-labelledby="recalls">
    <h2 id="recalls">Recall by emotion</h2>
    <p class="lead">
      Recall is the share of an emotion's recordings that is recognised; precision the share of
      answers with this emotion that is
      right.${
        baseline ? html` Bars are the network, the marks across are ${baseline.name}.` : nothing
      }
    </p>
    <div class="scroll">
      <table class="wide">
        <thead>
          <tr>
            <th scope="col">Emotion</th>
            <td class="chart"></td>
            <th scope="col" class="number">Recall</th>
            ${baseline ? html`<th scope="col" class="number">${baseline.name}</th>` : nothing}
            <th scope="col" class="number">Precision</th>
            <th scope="col" class="number">Recordings</th>
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
        <tfoot>
          <tr>
            <td></td>
            <td class="chart">${stripAxis()}</td>
            <td colspan="${baseline ? 4 : 3}"></td>
          </tr>
        </tfoot>
      </table>
    </div>
  </section>`
}
