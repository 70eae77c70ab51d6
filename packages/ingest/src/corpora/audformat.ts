import { InputError } from '@serflow/core'
import { z } from 'zod'
import { readHeader, type Column, type Header, type Scheme } from './audformat-header.js'
import { readSpans, type Span } from './audformat-tables.js'
import { defineCorpus, type Attributes, type FoundUtterance } from './corpus.js'
import { folderOf } from './folder.js'
import { listedSounds, withIds } from './listed-sounds.js'
import { plainName } from './names.js'

const options = z.object({
  tables: z
    .array(z.string())
    .min(1)
    .optional()
    .describe('tables that hold the labels; by default all with a column of the scheme'),
  scheme: z
    .string()
    .default('emotion')
    .describe('scheme of the labels, or the name of their column'),
})

/**
 * A database in the audformat layout: `db.yaml` and a file a table, `db.<table>.csv` or `.parquet`.
 *
 * Labels come from the columns whose scheme (or name) is `emotion`, in filewise and segmented tables; the speaker from
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
    const labelled = Object.entries(header.tables).flatMap(([table, { columns }]) => {
      const column = columnOf(columns, scheme)
      return column !== undefined && (wanted?.includes(table) ?? true) ? [{ table, column }] : []
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
    for (const { table, column } of labelled) {
      for (const span of await readSpans(folder, header, base, table)) {
        const emotion = plainName(span.cells[column] ?? '')
        if (emotion === '') continue
        const cells = { ...known.get(span.file), ...withoutLabel(span.cells, column) }
        const utterance = utteranceOf(span, emotion, cells, header, table, speakers)
        const file = sounds.find(span.file, span.where)
        const key = `${utterance.startSeconds ?? 0} ${utterance.endSeconds ?? ''} ${file}`
        const other = found.get(key)
        if (other && other.emotion !== emotion) {
          throw new InputError(
            `${span.where}: "${span.file}" is ${emotion}, but ${other.emotion} in another table; name one with corpus.tables`,
          )
        }
        found.set(key, {
          ...utterance,
          ...(other?.split === undefined ? {} : { split: other.split }),
          file,
        })
      }
    }
    return {
      classes: classesOf(header.schemes[scheme], [...found.values()]),
      utterances: withIds([...found.values()]),
      others: sounds
        .unnamed()
        .map((file) => ({ file, status: 'skipped' as const, note: 'in no table of labels' })),
      about: header.about,
    }
  },
})

/** The column of a scheme, or of that name. */
function columnOf(columns: Readonly<Record<string, Column>>, scheme: string): string | undefined {
  const ofScheme = Object.keys(columns).find((name) => columns[name]?.scheme === scheme)
  return ofScheme ?? Object.keys(columns).find((name) => name === scheme)
}

function withoutLabel(cells: Span['cells'], column: string): Span['cells'] {
  return Object.fromEntries(Object.entries(cells).filter(([name]) => name !== column))
}

type Folder = Parameters<typeof readSpans>[0]

/** What filewise tables say of a file beside its label. */
async function fileFacts(folder: Folder, header: Header, base: string) {
  const facts = new Map<string, Record<string, string>>()
  for (const [table, { type, columns }] of Object.entries(header.tables)) {
    if (type !== 'filewise' || columnOf(columns, 'speaker') === undefined) continue
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
  emotion: string,
  cells: Readonly<Record<string, string>>,
  header: Header,
  table: string,
  speakers: ReadonlyMap<string, Scheme['labels'][string]>,
): Omit<FoundUtterance, 'utteranceId' | 'file'> {
  const speakerColumn = Object.keys(cells).find(
    (name) => header.columnSchemes.get(name) === 'speaker' || name === 'speaker',
  )
  const speakerId = plainName(cells[speakerColumn ?? ''] ?? '')
  const facts = speakers.get(speakerId)
  const gender = cells.gender ?? facts?.gender
  const sentenceColumn = Object.keys(cells).find((name) => name === 'transcription')
  const sentence = sentenceColumn === undefined ? undefined : cells[sentenceColumn]
  const split = header.tables[table]?.split
  const taken = new Set([speakerColumn, 'gender', sentenceColumn])
  const rest = Object.entries(cells).filter(([name]) => !taken.has(name))
  const attributes: Attributes = Object.fromEntries([
    ...Object.entries(facts ?? {}).filter(([name]) => name !== 'gender'),
    ...rest.map(([name, cell]) => [name, String(Number(cell)) === cell ? Number(cell) : cell]),
  ])
  return {
    speakerId: speakerId || null,
    emotion,
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
  utterances: readonly { emotion: string | null }[],
): readonly string[] {
  const named = [...new Set(Object.keys(scheme?.labels ?? {}).map(plainName))]
  const rest = new Set(utterances.map(({ emotion }) => emotion!))
  for (const label of named) rest.delete(label)
  return [...named, ...[...rest].sort()]
}
