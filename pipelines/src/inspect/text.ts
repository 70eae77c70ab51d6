import { counted, listed } from '@serflow/evaluate'
import { duration } from '../progress.js'
import { visible } from '../visible.js'
import { howSame } from './findings.js'
import type { FileInspection, FolderInspection } from './schema.js'

/** Rows beyond this are counted; `--json` has them all. */
const mostRows = 40
const width = 100

/** An inspection as text, aligned, in 100 columns. */
export function folderText(found: FolderInspection): string {
  const { classes, speakers, sessions } = found
  const sections = [
    [
      visible(found.folder),
      ...wrapped(introduction(found), '', ''),
      ...counts(found).flatMap((line) => wrapped(line, '', '')),
    ].join('\n'),
    classes.length > 0
      ? table(
          ['class', 'utterances', 'speakers', 'length'],
          classes.map((each) => [
            each.name,
            each.utterances,
            each.speakers,
            duration(each.seconds),
          ]),
        )
      : '',
    speakers.length > 0
      ? table(
          [
            'speaker',
            'gender',
            'utterances',
            'classes',
            'length',
            'level dBFS: low',
            'median',
            'high',
            'peak',
          ],
          speakers.map((each) => [
            each.speakerId,
            each.gender,
            each.utterances,
            Object.keys(each.utterancesByClass).length,
            duration(each.seconds),
            ...levels(each.level),
          ]),
        )
      : '',
    sessions.length > 0
      ? table(
          ['session', 'utterances', 'speakers'],
          sessions.map((each) => [each.session, each.utterances, each.speakers]),
        )
      : '',
    files(found),
    ...(
      [
        ['unreadable', found.unreadable],
        ['rejected', found.rejected],
        ['skipped', found.skipped],
        ['notes', found.notes],
      ] as const
    ).map(([title, groups]) => grouped(title, groups)),
    duplicates(found),
    found.warnings.length > 0
      ? ['warnings', ...found.warnings.flatMap((warning) => wrapped(warning, '  - ', '    '))].join(
          '\n',
        )
      : '',
  ]
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`
}

/** A file as text. */
export function fileText(found: FileInspection): string {
  const { channels, channelsAlike, silentChannels, chunks, windows, notes } = found
  const how =
    channelsAlike === true
      ? ' (all alike)'
      : silentChannels > 0 && channels > 1
        ? ` (${silentChannels} silent)`
        : ''
  const rows: (readonly [string, string])[] = [
    ['format', found.coding ? `${found.format}, ${found.coding}` : found.format],
    ['rate', `${found.sampleRateHz} Hz`],
    ['channels', `${channels}${how}`],
    ['length', `${secondsOf(found.durationSeconds)}, ${found.frames} samples`],
    ['bytes', String(found.bytes)],
    ['level', `${level(found.rmsDb)} dBFS (RMS), peak ${level(found.peakDb)} dBFS`],
    ['offset', found.offset.toFixed(6)],
    ['exact zeros', `${(100 * found.zeroShare).toFixed(1)} % of samples`],
    ['SHA-256', found.digest],
    ...(chunks
      ? [['chunks', chunks.map(({ id, bytes }) => `${id} ${bytes}`).join(', ')] as const]
      : []),
    ['predict', windowsText(windows)],
    ...notes.map((note) => ['note', note] as const),
  ]
  const lines = rows.flatMap(([name, text]) =>
    wrapped(text, `  ${name.padEnd(12)}`, ' '.repeat(14)),
  )
  return `${[visible(found.file), ...lines].join('\n')}\n`
}

function windowsText(windows: FileInspection['windows']): string {
  const last = windows.at(-1)
  if (!last || windows.length === 1) return 'one window'
  return `${windows.length} windows of 15 s, the last of ${secondsOf(last.endSeconds - last.startSeconds)}`
}

function introduction({ kind, title, guess }: FolderInspection): string {
  if (kind === null) return `read as plain sounds: ${guess ?? ''}`
  return guess === null
    ? `read as ${kind}: ${title}`
    : `read as ${kind}: ${title} (guessed: ${guess})`
}

function counts({
  utterances,
  speakers,
  genders,
  duration: lengths,
  classes,
}: FolderInspection): readonly string[] {
  const people = genders
    .filter(({ gender }) => gender !== 'unknown')
    .map((each) => `${each.speakers} ${each.gender}`)
    .join(', ')
  const parts = [
    counted(utterances, 'utterance'),
    ...(speakers.length > 0
      ? [`${counted(speakers.length, 'speaker')}${people ? ` (${people})` : ''}`]
      : []),
    ...(classes.length > 0 ? [counted(classes.length, 'class', 'classes')] : []),
    ...(lengths ? [duration(lengths.total)] : []),
  ]
  if (!lengths) return [parts.join(', ')]
  const { minimum, median, maximum } = lengths
  return [
    parts.join(', '),
    secondsOf(minimum) === secondsOf(maximum)
      ? `each ${secondsOf(median)}`
      : `each ${secondsOf(minimum)} to ${secondsOf(maximum)}, half of them below ${secondsOf(median)}`,
  ]
}

function files({ files: number, formats, sampleRatesHz, channels, level: all }: FolderInspection) {
  const list = (items: readonly { value: string | number; files: number }[], unit = '') =>
    listed(
      items.map(({ value, files }) => `${value}${unit} (${files})`),
      6,
    )
  const { found, read, unreadable, rejected, skipped, other } = number
  const rows: (readonly [string, string])[] = [
    [
      'files',
      `${found}: ${read} read, ${unreadable} unreadable, ${rejected} rejected, ${skipped} skipped, ${other} other`,
    ],
  ]
  if (read > 0) {
    rows.push(
      ['format', list(formats)],
      ['rate', list(sampleRatesHz, ' Hz')],
      ['channels', list(channels)],
    )
  }
  if (all) {
    const [low, median, high, peak] = levels(all)
    rows.push([
      'level',
      `${low} to ${high} dBFS (RMS), median ${median}; highest peak ${peak} dBFS`,
    ])
  }
  return rows.flatMap(([name, text]) => wrapped(text, name.padEnd(10), ' '.repeat(10))).join('\n')
}

function grouped(title: string, groups: FolderInspection['notes']): string {
  if (groups.length === 0) return ''
  const lines = groups
    .slice(0, mostRows)
    .flatMap(({ text, files }) => [
      ...wrapped(text, `  ${String(files.length).padStart(6)}  `, ' '.repeat(10)),
      ...wrapped(listed(files, 3), ' '.repeat(10), ' '.repeat(10)),
    ])
  return [title, ...lines, ...more(groups.length)].join('\n')
}

function duplicates({ duplicates: groups }: FolderInspection): string {
  if (groups.length === 0) return ''
  const lines = groups.slice(0, mostRows).flatMap(({ same, files, labels, speakers }) => {
    const how = howSame[same]
    const contrary = labels.length > 1 ? `; under ${labels.join(' and ')}` : ''
    const leak = speakers.length > 1 ? `; of speakers ${speakers.join(' and ')}` : ''
    return wrapped(`${listed(files, 4)} (${how}${contrary}${leak})`, '  - ', '    ')
  })
  return ['duplicates', ...lines, ...more(groups.length)].join('\n')
}

function table(heads: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const texts = rows.slice(0, mostRows).map((row) => row.map((cell) => visible(String(cell))))
  const widest = (column: number) =>
    Math.max(heads[column]!.length, ...texts.map((row) => row[column]!.length))
  const others = heads.slice(1).reduce((sum, _, index) => sum + 2 + widest(index + 1), 0)
  // Names of people and classes may be of any length; the rest is not.
  const shown = texts.map(([name, ...rest]) => [shortened(name!, width - others), ...rest])
  const widths = heads.map((_, column) =>
    column === 0 ? Math.min(widest(0), width - others) : widest(column),
  )
  const line = (cells: readonly string[], of: (column: number) => boolean) =>
    cells
      .map((cell, column) =>
        of(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
      )
      .join('  ')
      .trimEnd()
  const isNumber = (column: number) => rows.every((row) => /^[-–\d]/.test(String(row[column])))
  const right = heads.map((_, column) => column > 0 && isNumber(column))
  return [
    line(heads, (column) => right[column]!),
    ...shown.map((row) => line(row, (column) => right[column]!)),
    ...more(rows.length),
  ].join('\n')
}

/** The middle goes, since names differ at their ends. */
function shortened(name: string, most: number): string {
  const characters = [...name]
  if (characters.length <= most) return name
  const half = Math.floor((most - 1) / 2)
  return `${characters.slice(0, most - 1 - half).join('')}…${characters.slice(-half).join('')}`
}

function more(rows: number): readonly string[] {
  return rows > mostRows ? [`... and ${rows - mostRows} more; --json has all`] : []
}

function levels({ low, median, high, peak }: FolderInspection['speakers'][number]['level']) {
  return [low, median, high, peak].map(level)
}

function level(value: number | null): string {
  return value === null ? '–' : value.toFixed(1).replace(/^-0\.0$/, '0.0')
}

function secondsOf(value: number): string {
  return `${value.toFixed(value < 100 ? 2 : 0)} s`
}

/** Breaks at blanks; what is longer than a line, such as a path, stays whole. */
function wrapped(text: string, first: string, rest: string): readonly string[] {
  const lines: string[] = []
  let line = first
  let empty = true
  for (const word of visible(text).split(' ')) {
    if (!empty && line.length + 1 + word.length > width) {
      lines.push(line)
      line = rest
      empty = true
    }
    line += empty ? word : ` ${word}`
    empty = false
  }
  return [...lines, line]
}
