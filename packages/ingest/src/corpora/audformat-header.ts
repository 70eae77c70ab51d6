import { InputError } from '@serflow/core'
import { z } from 'zod'
import type { CorpusAbout } from './corpus.js'
import type { CorpusFolder } from './folder.js'

/** What db.yaml says of a database, as far as it is used here. */
export interface Header {
  readonly path: string
  readonly schemes: Readonly<Record<string, Scheme>>
  readonly tables: Readonly<Record<string, TableHead>>
  /** Scheme by the column's name. */
  readonly columnSchemes: ReadonlyMap<string, string>
  readonly about: Partial<CorpusAbout>
}

export interface Scheme {
  /** In their order, with what is known of each. Empty where any value may stand. */
  readonly labels: Readonly<Record<string, Readonly<Record<string, string | number>>>>
  /** The misc table that holds them. */
  readonly labelTable?: string
}

export interface TableHead {
  readonly type: 'filewise' | 'segmented' | 'misc'
  /** train, validation or test. */
  readonly split?: string
  readonly columns: Readonly<Record<string, Column>>
}

export interface Column {
  readonly scheme?: string
}

const tableHead = z.object({
  type: z.enum(['filewise', 'segmented']).optional(),
  split_id: z.string().nullish(),
  columns: z.record(z.string(), z.object({ scheme_id: z.string().nullish() }).nullable()).nullish(),
})

const headerSchema = z.object({
  name: z.coerce.string(),
  description: z.string().nullish(),
  author: z.string().nullish(),
  license: z.string().nullish(),
  source: z.string().nullish(),
  schemes: z.record(z.string(), z.object({ labels: z.unknown().optional() }).nullable()).nullish(),
  splits: z.record(z.string(), z.object({ type: z.string().nullish() }).nullable()).nullish(),
  tables: z.record(z.string(), tableHead),
  misc_tables: z.record(z.string(), tableHead).nullish(),
})

/**
 * Reads db.yaml, wherever in the folder it lies.
 *
 * @throws InputError where there is none, more than one, or it is not what audformat writes
 */
export async function readHeader(folder: CorpusFolder): Promise<Header> {
  const found = folder.paths.filter((each) => /(^|\/)db\.yaml$/.test(each))
  const [path] = found
  if (path === undefined || found.length > 1) {
    throw new InputError(
      `${folder.root}: found ${found.length === 0 ? 'no db.yaml' : found.join(', ')}, expected one audformat database; ` +
        'set corpus.directory to its folder',
    )
  }
  const { parse } = await import('yaml')
  let tree: unknown
  try {
    // Keys such as 03 must stay what they are.
    tree = parse(await folder.readText(path), { schema: 'core', mapAsMap: false })
  } catch (error) {
    if (error instanceof InputError) throw error
    throw new InputError(`"${path}": ${String(error).split('\n')[0]}`)
  }
  const read = headerSchema.safeParse(tree)
  if (!read.success) {
    const [issue] = read.error.issues
    throw new InputError(
      `"${path}" is no header of audformat: ${issue!.path.join('.') || 'the file'}: ${issue!.message}`,
    )
  }
  const { data } = read
  const headOf = (head: z.output<typeof tableHead>, isMisc: boolean): TableHead => {
    const type = isMisc ? 'misc' : (head.type ?? 'filewise')
    const split = data.splits?.[head.split_id ?? '']?.type ?? head.split_id
    return {
      type,
      columns: Object.fromEntries(
        Object.entries(head.columns ?? {}).map(([name, column]) => [
          name,
          column?.scheme_id ? { scheme: column.scheme_id } : {},
        ]),
      ),
      ...(split ? { split: splitNames[split] ?? split } : {}),
    }
  }
  const tables = {
    ...mapValues(data.tables, (head) => headOf(head, false)),
    ...mapValues(data.misc_tables ?? {}, (head) => headOf(head, true)),
  }
  const columnSchemes = Object.values(tables).flatMap(({ columns }) =>
    Object.entries(columns).map(([name, { scheme }]) => [name, scheme ?? ''] as const),
  )
  const { author, description, license, source } = data
  return {
    path,
    tables,
    schemes: mapValues(data.schemes ?? {}, (scheme) => schemeOf(scheme?.labels)),
    columnSchemes: new Map(columnSchemes),
    about: {
      title: description ? `${data.name}: ${description.trim().split('\n')[0]}` : data.name,
      ...(license ? { licence: license } : {}),
      ...(author || source
        ? { citation: [author, source].filter((part) => Boolean(part)).join('. ') }
        : {}),
    },
  }
}

/** audformat's types of splits by what a manifest calls them. */
const splitNames: Readonly<Record<string, string>> = {
  train: 'train',
  dev: 'validation',
  test: 'test',
}

/** Labels are a list, a dictionary with what is known of each, or the name of a misc table. */
function schemeOf(labels: unknown): Scheme {
  if (typeof labels === 'string') return { labels: {}, labelTable: labels }
  if (Array.isArray(labels)) {
    return { labels: Object.fromEntries(labels.map((label) => [String(label), {}])) }
  }
  if (typeof labels !== 'object' || labels === null) return { labels: {} }
  return {
    labels: Object.fromEntries(
      Object.entries(labels).map(([label, facts]) => [label, factsOf(facts)]),
    ),
  }
}

function factsOf(facts: unknown): Record<string, string | number> {
  if (typeof facts !== 'object' || facts === null) return {}
  return Object.fromEntries(
    Object.entries(facts).flatMap(([name, value]) =>
      typeof value === 'string' || typeof value === 'number' ? [[name, value]] : [],
    ),
  )
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  map: (value: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]))
}
