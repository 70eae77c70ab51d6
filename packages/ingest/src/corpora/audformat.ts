import { InputError } from '@serflow/core'
import { z } from 'zod'
import { readHeader, type Column, type Header, type Scheme } from './audformat-header.js'
import { readSpans, type Span } from './audformat-tables.js'
import { defineCorpus, type Attributes, type FoundUtterance, type OtherFile } from './corpus.js'
import { folderOf } from './folder.js'
import { listedSounds, withIds } from './listed-sounds.js'
import { plainName } from './names.js'
import { readVotes } from './votes.js'

const options = z.object({
  tables: z
    .array(z.string())
    .min(1)
    .optional()
    .describe('tables that hold the labels; by default all with a column of the scheme'),
  scheme: z
    .string()
    .default('emotion')
    .describe('scheme of the labels, or the name of their column; several columns of it are votes'),
})

/**
 * A database in the audformat layout: `db.yaml` and a file a table, `db.<table>.csv` or `.parquet`.
 *
 * Labels come from the columns whose scheme (or name) is `emotion`, in filewise and segmented tables. Where a table has
 * several, as one a rater, they are votes, beside the one that is called as the scheme, if there is one. The speaker comes from
 * a column of the scheme `speaker`, in the same table or in a filewise one; the gender from the labels of that scheme,
 * a dictionary or a misc table. The split is the one of the table the label is in. What else the tables say becomes
 * attributes. The order of the classes is the order of the scheme.
 *
 * @see https://audeering.github.io/audformat/, "Specifications"
 */
export const audformat = defineCorpus({
  name: 'audformat',
  own: true,
  title: 'an audformat database',
  example: 'db.yaml and db.emotion.csv',
  licence: 'not stated',
  citation: 'not stated',
  options,
  async list(folder, { tables: wanted, scheme }) {
    const header = await readHeader(folder)
    const labelled = Object.entries(header.tables).flatMap(([table, { type, columns }]) => {
      const named = type === 'misc' ? [] : columnsOf(columns, scheme)
      return named.length > 0 && (wanted?.includes(table) ?? true)
        ? [{ table, columns: named }]
        : []
    })
    const absent = wanted?.find((name) => !labelled.some(({ table }) => table === name))
    if (labelled.length === 0 || absent !== undefined) {
      throw new InputError(
        `${header.path}: ${absent === undefined ? 'no table' : `"${absent}" is no table that`} has a column of the scheme ` +
          `"${scheme}"; it has the tables ${Object.keys(header.tables).join(', ')}: name another corpus.scheme`,
      )
    }
    const base = folderOf(header.path)
    const sounds = listedSounds(folder, base)
    const known = await fileFacts(folder, header, base)
    const speakers = await speakerFacts(folder, header, base)
    const found = new Map<string, Omit<FoundUtterance, 'utteranceId'>>()
    const unlabelled = new Map<string, string>()
    for (const { table, columns } of labelled) {
      for (const span of await readSpans(folder, header, base, table)) {
        const file = sounds.find(span.file, span.where)
        const place = `${placeOf(span)} ${file}`
        const told = labelsOf(span.cells, columns, scheme)
        if (told.emotion === null && told.votes === undefined) {
          unlabelled.set(place, file)
          continue
        }
        const cells = without({ ...known.get(span.file), ...span.cells }, columns)
        const other = found.get(place)
        const emotion = told.emotion ?? other?.emotion ?? null
        if (other && (other.emotion ?? emotion) !== emotion) {
          throw new InputError(
            `${span.where}: "${span.file}" is ${emotion}, but ${other.emotion} in another table; name one with corpus.tables`,
          )
        }
        const votes = told.votes ?? other?.votes
        found.set(place, {
          ...utteranceOf(span, cells, header, table, speakers),
          ...(other?.split === undefined ? {} : { split: other.split }),
          ...(votes === undefined ? {} : { votes }),
          emotion,
          file,
        })
      }
    }
    const noLabel = [...unlabelled].filter(([place]) => !found.has(place))
    return {
      classes: classesOf(header.schemes[scheme], [...found.values()]),
      utterances: withIds([...found.values()]),
      others: [
        ...sounds.unnamed().map((file) => skippedFile(file, 'in no table of labels')),
        ...noLabel.map(([, file]) => skippedFile(file, 'has no label in the tables')),
      ],
      about: header.about,
    }
  },
})

function skippedFile(file: string, note: string): OtherFile {
  return { file, status: 'skipped', note }
}

function placeOf({ startSeconds, endSeconds }: Span): string {
  return `${startSeconds ?? 0} ${endSeconds ?? ''}`
}

/** The columns of a scheme, or else the one of that name. */
function columnsOf(columns: Readonly<Record<string, Column>>, scheme: string): readonly string[] {
  const ofScheme = Object.keys(columns).filter((name) => columns[name]?.scheme === scheme)
  if (ofScheme.length > 0) return ofScheme
  return Object.keys(columns).filter((name) => name === scheme)
}

/** One column is the label; of several all are votes but the one that is called as the scheme. */
function labelsOf(cells: Span['cells'], columns: readonly string[], scheme: string) {
  const label = columns.length === 1 ? columns[0] : columns.find((name) => name === scheme)
  const emotion = plainName(cells[label ?? ''] ?? '') || null
  const named = columns.flatMap((name) => (name === label ? [] : (cells[name] ?? [])))
  const votes = readVotes(JSON.stringify(named), [], '')
  return { emotion, votes }
}

function without(cells: Span['cells'], columns: readonly string[]): Span['cells'] {
  return Object.fromEntries(Object.entries(cells).filter(([name]) => !columns.includes(name)))
}

type Folder = Parameters<typeof readSpans>[0]

/** What filewise tables say of a file beside its label. */
async function fileFacts(folder: Folder, header: Header, base: string) {
  const facts = new Map<string, Record<string, string>>()
  for (const [table, { type, columns }] of Object.entries(header.tables)) {
    if (type !== 'filewise' || columnsOf(columns, 'speaker').length === 0) continue
    for (const { file, cells } of await readSpans(folder, header, base, table)) {
      facts.set(file, { ...facts.get(file), ...cells })
    }
  }
  return facts
}

/** What is known of each speaker: a dictionary in the scheme, or a misc table that the scheme names. */
async function speakerFacts(
  folder: Folder,
  header: Header,
  base: string,
): Promise<ReadonlyMap<string, Scheme['labels'][string]>> {
  const scheme = header.schemes.speaker
  if (scheme?.labelTable === undefined) {
    const labels = Object.entries(scheme?.labels ?? {})
    return new Map(labels.map(([name, facts]) => [plainName(name), facts]))
  }
  const rows = await readSpans(folder, header, base, scheme.labelTable)
  return new Map(rows.map(({ file, cells }) => [plainName(file), cells]))
}

function utteranceOf(
  { startSeconds, endSeconds }: Span,
  cells: Readonly<Record<string, string>>,
  header: Header,
  table: string,
  speakers: ReadonlyMap<string, Scheme['labels'][string]>,
): Omit<FoundUtterance, 'utteranceId' | 'file' | 'emotion'> {
  const speakerColumn = Object.keys(cells).find(
    (name) => header.columnSchemes.get(name) === 'speaker' || name.toLowerCase() === 'speaker',
  )
  const speakerId = plainName(cells[speakerColumn ?? ''] ?? '')
  const facts = speakers.get(speakerId)
  const column = (name: string) => Object.keys(cells).find((each) => each.toLowerCase() === name)
  const [genderColumn, sentenceColumn] = [column('gender'), column('transcription')]
  const gender = cells[genderColumn ?? ''] ?? facts?.gender
  const sentence = sentenceColumn === undefined ? undefined : cells[sentenceColumn]
  const split = header.tables[table]?.split
  const taken = new Set([speakerColumn, genderColumn, sentenceColumn])
  const rest = Object.entries(cells).filter(([name]) => !taken.has(name))
  const attributes: Attributes = Object.fromEntries([
    ...Object.entries(facts ?? {}).filter(([name]) => name !== 'gender'),
    ...rest.map(([name, cell]) => [name, String(Number(cell)) === cell ? Number(cell) : cell]),
  ])
  return {
    speakerId: speakerId || null,
    gender: gender === 'male' || gender === 'female' ? gender : 'unknown',
    ...(startSeconds === undefined ? {} : { startSeconds }),
    ...(endSeconds === undefined ? {} : { endSeconds }),
    ...(sentence === undefined ? {} : { sentence }),
    ...(split === undefined ? {} : { split }),
    ...(Object.keys(attributes).length === 0 ? {} : { attributes }),
  }
}

function classesOf(
  scheme: Scheme | undefined,
  utterances: readonly Pick<FoundUtterance, 'emotion' | 'votes'>[],
): readonly string[] {
  const named = [...new Set(Object.keys(scheme?.labels ?? {}).map(plainName))]
  const told = utterances.flatMap(({ emotion, votes }) => [
    ...(emotion === null ? [] : [emotion]),
    ...Object.keys(votes ?? {}),
  ])
  const rest = new Set(told)
  for (const label of named) rest.delete(label)
  return [...named, ...[...rest].sort()]
}
