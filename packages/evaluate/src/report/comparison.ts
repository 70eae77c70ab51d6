import type { Report } from '../schema.js'
import { counted, level, percent, points } from '../wording.js'
import { intervalStrip, stripAxis } from './charts.js'
import { html, type Markup } from './markup.js'

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
      <td class="number interval">
        ${
          uar.low === null || uar.high === null
            ? '–'
            : `${percent(uar.low)} to ${percent(uar.high)}`
        }
      </td>
      <td class="number spare">${percent(accuracy)}</td>
      <td class="number spare">${percent(macroF1)}</td>
    </tr> `
  const lead =
    (baselines.length === 0 ? '' : whatBaselineIs) +
    `Dots are UARs, bars their ${level(protocol.confidence)} intervals, the dashed line is chance.`
  return html`<section aria-labelledby="comparison">
    <h2 id="comparison">${baselines.length === 0 ? 'The network' : 'Network against baseline'}</h2>
    <p class="lead">${lead}</p>
    <div class="scroll">
      <table class="wide">
        <thead>
          <tr>
            <th scope="col">Model</th>
            <td class="chart"></td>
            <th scope="col" class="number">UAR</th>
            <th scope="col" class="number">Interval</th>
            <th scope="col" class="number spare">Accuracy</th>
            <th scope="col" class="number spare">Macro-F1</th>
          </tr>
        </thead>
        <tbody>
          ${row('network', report, 'network')}${baselines.map((baseline) => row(baseline.name, baseline, 'baseline'))}
        </tbody>
        <tfoot>
          <tr>
            <td></td>
            <td class="chart">${stripAxis()}</td>
          </tr>
        </tfoot>
      </table>
    </div>
    ${baselines.map((baseline) => verdict(baseline, report))}
  </section>`
}

const whatBaselineIs =
  'The baseline is a linear model on the same embeddings: what the pretrained features give without the network. '

function verdict(
  { name, difference: { value, low, high } }: Report['baselines'][number],
  { speakers, protocol }: Report,
): Markup {
  const found = html`Network minus ${name}: <strong>${points(value)} points</strong>`
  if (low === null || high === null) {
    return html`<p class="verdict">
      ${found}.
      ${
        speakers === 1
          ? 'With one speaker there is no telling whether that holds for others.'
          : 'There is no telling whether that holds for other speakers.'
      }
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
