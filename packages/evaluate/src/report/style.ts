/** The page's style sheet: light and dark by the reader's system, light in print, nothing from elsewhere. */
export const style = `
:root {
  color-scheme: light dark;
  --page: #ffffff; --panel: #f5f6f8; --ink: #1a1d21; --muted: #5a616b; --line: #d9dce1; --faint: #eceef1;
  --accent: #1d5fb4; --baseline: #767d87; --female: #c4520a; --male: #00796b; --unknown: #767d87;
  --alert: #8a1c1c; --alert-page: #fdeaea; --note-page: #fff6e0; --note: #b98a00; --shade: 0.62;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --page: #14171b; --panel: #1d2127; --ink: #e7e9ec; --muted: #a0a8b3; --line: #363c45; --faint: #272c33;
    --accent: #6fa8f2; --baseline: #98a0ab; --female: #f0884a; --male: #3fbda6; --unknown: #98a0ab;
    --alert: #ffb3b3; --alert-page: #47191b; --note-page: #2c2718; --note: #d8a920; --shade: 0.6;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 16px/1.5 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Noto Sans', sans-serif;
  font-variant-numeric: tabular-nums;
}
main, header, footer { max-width: 960px; margin: 0 auto; padding: 0 24px; }
header { padding-top: 40px; }
h1, h2, h3, p, ul, dl, figure { margin: 0; }
h1 { font-size: 30px; line-height: 1.2; font-weight: 650; letter-spacing: -0.01em; overflow-wrap: anywhere; }
h2 { font-size: 20px; line-height: 1.3; font-weight: 650; margin-bottom: 4px; }
h3 { font-size: 15px; font-weight: 650; margin: 24px 0 6px; }
section { margin-top: 48px; }
.eyebrow { color: var(--muted); font-size: 13px; letter-spacing: 0.06em; text-transform: uppercase; margin-bottom: 6px; }
.lead { color: var(--muted); max-width: 70ch; margin-bottom: 14px; }
.facts { color: var(--muted); margin-top: 8px; }
.synthetic {
  margin-top: 24px; padding: 14px 18px; border: 2px solid var(--alert); border-radius: 6px;
  background: var(--alert-page); color: var(--alert); font-size: 18px; font-weight: 650;
}
.hero { display: grid; grid-template-columns: auto 1fr; gap: 8px 40px; align-items: center; margin-top: 28px;
  padding: 26px 28px; background: var(--panel); border-radius: 10px; }
.hero .name { font-size: 14px; color: var(--muted); }
.hero .value { font-size: 68px; line-height: 1.05; font-weight: 700; letter-spacing: -0.03em; color: var(--accent); white-space: nowrap; }
.hero .unit { font-size: 34px; font-weight: 600; letter-spacing: 0; }
.hero .interval { font-size: 16px; white-space: nowrap; }
.hero p + p { margin-top: 10px; }
.side { display: flex; flex-wrap: wrap; gap: 14px 40px; margin-top: 20px; }
.side dt { font-size: 13px; color: var(--muted); }
.side dd { margin: 0; font-size: 20px; font-weight: 600; }
.side .origin { flex: 1 1 240px; }
.side .origin dd { font-size: 16px; line-height: 1.4; padding-top: 3px; overflow-wrap: anywhere; }
.warnings { padding: 16px 20px; border-left: 4px solid var(--note); background: var(--note-page); border-radius: 0 6px 6px 0; }
.warnings ul { padding-left: 18px; }
.warnings li { margin-top: 6px; overflow-wrap: anywhere; unicode-bidi: isolate; }
.verdict { margin-top: 12px; max-width: 70ch; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: 14px; }
th, td { text-align: left; padding: 5px 14px 5px 0; vertical-align: middle; unicode-bidi: isolate; }
thead th { font-weight: 600; color: var(--muted); vertical-align: bottom; border-bottom: 1px solid var(--line); line-height: 1.25; }
tbody th { font-weight: 600; overflow-wrap: anywhere; max-width: 16em; min-width: 6.5em; }
tbody tr + tr > * { border-top: 1px solid var(--faint); }
.number { text-align: right; white-space: nowrap; }
.wide { width: 100%; }
td.chart { width: 55%; min-width: 150px; padding: 0 34px 0 10px; border-top-color: transparent !important; }
td.words { overflow-wrap: anywhere; min-width: 15em; }
svg { display: block; overflow: visible; }
svg text { fill: var(--muted); font-size: 12px; }
svg text.strong { fill: var(--accent); font-weight: 600; font-size: 13px; }
.grid { stroke: var(--faint); stroke-width: 1; }
.chance { stroke: var(--muted); stroke-width: 1.25; stroke-dasharray: 3 3; }
.whisker { stroke-width: 4; stroke-linecap: round; opacity: 0.45; }
.whisker.network { stroke: var(--accent); } .whisker.baseline { stroke: var(--baseline); }
.dot.network { fill: var(--accent); } .dot.baseline { fill: var(--baseline); }
.bar { fill: var(--accent); } .mark { stroke: var(--ink); stroke-width: 2.5; }
.band { fill: var(--accent); opacity: 0.14; } .headline { stroke: var(--accent); stroke-width: 2; }
.female { fill: var(--female); } .male { fill: var(--male); } .unknown { fill: none; stroke: var(--unknown); stroke-width: 2.5; }
.plotted { padding: 14px 8px 0 48px; }
.legend { display: flex; flex-wrap: wrap; gap: 6px 24px; padding: 0; list-style: none; font-size: 14px; margin-top: 10px; }
.legend li { display: flex; align-items: center; gap: 7px; }
.key { display: inline-block; }
.matrix { table-layout: fixed; width: 100%; min-width: calc(200px + 44px * var(--classes)); max-width: calc(200px + 110px * var(--classes)); }
.matrix .names { width: 124px; } .matrix .rates { width: 76px; }
.matrix td { position: relative; text-align: center; padding: 0; height: 40px; z-index: 0; border: 1px solid var(--page) !important; }
.matrix .cell::before { content: ''; position: absolute; inset: 0; z-index: -1; background: var(--accent); opacity: calc(var(--share) * var(--shade)); }
.matrix .right { font-weight: 700; outline: 1.5px solid var(--accent); outline-offset: -2px; }
.matrix .none { color: var(--muted); }
.matrix td.number { text-align: right; border: 0 !important; }
.matrix thead td { height: auto; border: 0 !important; }
.matrix thead th { border: 0; text-align: center; padding: 0 3px 6px; overflow-wrap: anywhere; color: var(--ink); }
.matrix thead .axis { color: var(--muted); font-weight: 400; padding-bottom: 2px; }
.matrix thead .truth { text-align: right; padding: 0 10px 6px 0; }
.matrix thead .number { text-align: right; color: var(--muted); padding-right: 0; }
.matrix.tall thead .class { vertical-align: bottom; padding: 6px 0 4px; }
.matrix.tall .class span { display: inline-block; writing-mode: vertical-rl; transform: rotate(180deg); text-align: left; line-height: 1.15; max-height: 11em; }
.matrix tbody th { text-align: right; padding: 0 10px 0 0; border: 0 !important; min-width: 0; line-height: 1.2; }
details { margin-top: 14px; }
summary { cursor: pointer; font-weight: 600; font-size: 15px; padding: 4px 0; }
.pair { display: grid; grid-template-columns: minmax(9em, 14em) 1fr; gap: 6px 20px; font-size: 15px; }
.pair dt { color: var(--muted); }
.pair dd { margin: 0; overflow-wrap: anywhere; }
code, pre { font: 13px/1.45 ui-monospace, 'SF Mono', Menlo, Consolas, 'Liberation Mono', monospace; }
pre { margin: 6px 0 0; padding: 14px; background: var(--panel); border-radius: 6px; white-space: pre-wrap; overflow-wrap: anywhere; }
footer { margin-top: 56px; padding-top: 16px; padding-bottom: 40px; color: var(--muted); font-size: 13px; overflow-wrap: anywhere; }
@media (max-width: 640px) {
  main, header, footer { padding-left: 16px; padding-right: 16px; }
  header { padding-top: 24px; }
  h1 { font-size: 24px; }
  section { margin-top: 36px; }
  .hero { grid-template-columns: 1fr; padding: 18px; }
  .hero .value { font-size: 56px; }
  .pair { grid-template-columns: 1fr; gap: 0; }
  .pair dd { margin-bottom: 8px; }
  th, td { padding-right: 10px; }
  td.chart { min-width: 130px; padding-right: 24px; }
  .spare, .minor { display: none; }
  .matrix { min-width: calc(136px + 28px * var(--classes)); font-size: 12px; }
  .matrix .names { width: 84px; } .matrix .rates { width: 52px; }
  td.interval { white-space: normal; min-width: 5em; }
  .matrix td { height: 32px; }
  .matrix thead .class { vertical-align: bottom; padding: 6px 0 4px; }
  .matrix .class span { display: inline-block; writing-mode: vertical-rl; transform: rotate(180deg); text-align: left; line-height: 1.15; max-height: 11em; }
}
@media print {
  @page { margin: 16mm 14mm; }
  body { font-size: 11pt; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  main, header, footer { max-width: none; padding-left: 0; padding-right: 0; }
  header { padding-top: 0; }
  section { margin-top: 28px; }
  .hero, .synthetic, figure, tr, .warnings li { break-inside: avoid; }
  h2, h3, summary, .lead { break-after: avoid; }
  .scroll { overflow: visible; }
  details::details-content { content-visibility: visible; block-size: auto; }
}
`
