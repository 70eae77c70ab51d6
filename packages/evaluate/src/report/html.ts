import type { Report } from '../schema.js'
import { counted, level, percent } from '../wording.js'
import { foldSection, speakerSection } from './breakdowns.js'
import { comparisonSection } from './comparison.js'
import { confusionSection } from './confusion-matrix.js'
import { html, nothing, trusted, type Markup } from './markup.js'
import { methodSection, skippedSection } from './method.js'
import { recallSection } from './recalls.js'
import { style } from './style.js'

/**
 * The report as one page that needs nothing else: no script, no font, no image from elsewhere. Equal reports give
 * equal text.
 */
export function reportPage(report: Report): string {
  const { title } = report.provenance.corpus
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="generator" content="serflow" />
        <title>${titleOf(report)}</title>
        <style>
          ${trusted(style)}
        </style>
      </head>
      <body>
        <header>
          <p class="eyebrow">
            Speech emotion recognition ·
            ${report.protocol.speakersIndependent ? 'speaker-independent cross-validation' : 'not speaker-independent'}
          </p>
          <h1>${title}</h1>
          <p class="facts">${facts(report)}</p>
          ${report.synthetic ? syntheticBanner : nothing}
          ${report.protocol.speakersIndependent ? nothing : dependentBanner}
        </header>
        <main>
          ${hero(report)} ${warningSection(report.warnings)} ${comparisonSection(report)}
          ${confusionSection(report)} ${recallSection(report)} ${speakerSection(report)}
          ${foldSection(report)} ${skippedSection(report.skipped)} ${methodSection(report)}
        </main>
        <footer>
          <p>
            Made by serflow. All numbers of this page are in <code>report.json</code>; its digest is
            <code>${report.digest}</code>.
          </p>
        </footer>
      </body>
    </html> `
  return page.markup
}

function titleOf({ provenance, protocol, synthetic, uar }: Report): string {
  const kinds = [
    ...(synthetic ? ['synthetic speech'] : []),
    ...(protocol.speakersIndependent ? [] : ['not speaker-independent']),
  ]
  const kind = kinds.length === 0 ? '' : ` (${kinds.join(', ')})`
  return `${provenance.corpus.title}: UAR ${percent(uar.value)}${kind} · serflow`
}

const syntheticBanner = html`<p class="synthetic" role="note">
  Synthetic speech: says nothing of real recordings. These voices were made by a program, to show
  that everything works.
</p>`

const dependentBanner = html`<p class="synthetic" role="note">
  Not speaker-independent: speakers may be heard both in training and in test, so these numbers are
  too good for speakers the model has never heard.
</p>`

function facts({ utterances, speakers, classes, protocol }: Report): string {
  return [
    counted(utterances, 'recording'),
    speakers === 0 ? 'speakers unknown' : counted(speakers, 'speaker'),
    counted(classes.length, 'emotion'),
    protocol.foldScheme,
    counted(protocol.seeds.length, 'seed'),
  ].join(' · ')
}

function hero({
  uar,
  accuracy,
  macroF1,
  chance,
  protocol,
  baselines,
  recipeOrigin,
}: Report): Markup {
  const bounds =
    `Answering always the same emotion gives ${percent(chance)}.` +
    (uar.low === null
      ? ''
      : ' The interval says how far the result may be off for other speakers like these.')
  return html`<div class="hero">
      <div>
        <p class="name">Unweighted average recall (UAR)</p>
        <p class="value">${(100 * uar.value).toFixed(1)}<span class="unit"> %</span></p>
        <p class="interval">
          ${
            uar.low === null || uar.high === null
              ? `no interval: ${protocol.speakersIndependent ? 'one speaker' : 'not speaker-independent'}`
              : `${level(protocol.confidence)} interval ${percent(uar.low)} to ${percent(uar.high)}`
          }
        </p>
      </div>
      <div>
        <p>
          The share of an emotion's recordings that is recognised, averaged over the emotions, so
          that each counts the same.
          ${
            protocol.speakersIndependent
              ? 'Every recording was judged by a network that had never heard its speaker.'
              : 'Every recording was judged by a network that had not heard this recording, but may have heard its speaker.'
          }
        </p>
        <p>${bounds}</p>
      </div>
    </div>
    <dl class="side">
      <div>
        <dt>Accuracy</dt>
        <dd>${percent(accuracy)}</dd>
      </div>
      <div>
        <dt>Macro-F1</dt>
        <dd>${percent(macroF1)}</dd>
      </div>
      ${baselines.map(
        ({ name, uar: own }) =>
          html`<div>
            <dt>Baseline, ${name}: UAR</dt>
            <dd>${percent(own.value)}</dd>
          </div>`,
      )}
      <div class="origin">
        <dt>Where the settings come from</dt>
        <dd>${recipeOrigin}</dd>
      </div>
    </dl>`
}

function warningSection(warnings: readonly string[]): Markup {
  if (warnings.length === 0) return nothing
  return html`<section class="warnings" aria-labelledby="warnings">
    <h2 id="warnings">Before you quote these numbers</h2>
    <ul>
      ${warnings.map((warning) => html`<li>${warning}</li> `)}
    </ul>
  </section>`
}
