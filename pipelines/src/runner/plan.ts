import { inOrder, upstream, type Node } from './graph.js'
import { explainChange } from './explain.js'
import { ingredientsOf, keyOf, type Ingredients } from './key.js'
import type { FileDigests } from './file-digests.js'
import { fileSize, type NodeRecord, type Store } from './store.js'

/** The reason of a node that was not in the last run. */
export const firstRun = 'has not run yet'

/** What is needed to know a node's state. */
export interface PlanContext {
  readonly store: Store
  readonly digests: FileDigests
  /** Digest of a stage's code. */
  codeOf(stage: string): string
  /** Node names to keys of the last run, to compare with. */
  readonly latest: ReadonlyMap<string, string>
  /** Paths of the settings that the user gave, which reasons name first. */
  readonly given?: readonly string[]
}

/** A node and what a run would do with it. */
export interface PlannedNode {
  readonly node: Node
  readonly status: 'cached' | 'run' | 'waits' | 'not needed'
  /** In words: why it runs, or what it waits for. */
  readonly reasons: readonly string[]
}

/** Where a node stands whose key is known. */
export interface Standing {
  readonly key: string
  readonly ingredients: Ingredients
  readonly record: NodeRecord | undefined
  readonly artefact: 'whole' | 'missing' | 'damaged'
}

/** Key, record and artefact of a node whose inputs have these digests. */
export async function standingOf(
  ingredients: Ingredients,
  { store, digests }: Pick<PlanContext, 'store' | 'digests'>,
): Promise<Standing> {
  const key = keyOf(ingredients)
  const record = await store.record(key)
  return { key, ingredients, record, artefact: await artefactState(record, store, digests) }
}

async function artefactState(
  record: NodeRecord | undefined,
  store: Store,
  digests: FileDigests,
): Promise<Standing['artefact']> {
  if (!record) return 'missing'
  const path = store.objectPath(record.output)
  const size = await fileSize(path)
  if (size === undefined) return 'missing'
  if (size !== record.output.bytes) return 'damaged'
  return (await digests.of(path)) === record.output.digest ? 'whole' : 'damaged'
}

/**
 * What a run to these targets would do, without doing it. A target must be there in the end; another node runs
 * only where a node that must run reads it.
 */
export async function plan(
  targets: readonly Node[],
  context: PlanContext,
): Promise<readonly PlannedNode[]> {
  const nodes = inOrder(targets)
  const standings = new Map<Node, Standing>()
  const waits = new Map<Node, readonly Node[]>()
  for (const node of nodes) {
    const outputDigest = (source: Node) => standings.get(source)?.record?.output.digest
    const ingredients = ingredientsOf(node, context.codeOf(node.stage), outputDigest)
    if ('waitsFor' in ingredients) waits.set(node, ingredients.waitsFor)
    else standings.set(node, await standingOf(ingredients, context))
  }

  const isWhole = (node: Node) => standings.get(node)?.artefact === 'whole'
  const needed = new Set<Node>()
  const need = (node: Node): void => {
    if (needed.has(node) || isWhole(node)) return
    needed.add(node)
    upstream(node).forEach(need)
  }
  targets.forEach(need)

  return Promise.all(
    nodes.map(async (node): Promise<PlannedNode> => {
      const standing = standings.get(node)
      if (isWhole(node)) return { node, status: 'cached', reasons: [] }
      if (!needed.has(node)) return { node, status: 'not needed', reasons: [] }
      if (standing) return { node, status: 'run', reasons: await whyRun(node, standing, context) }
      const names = (waits.get(node) ?? []).map((source) => source.name)
      return { node, status: 'waits', reasons: [summarise(names)] }
    }),
  )
}

/** In words, why a node whose key is known has to run. */
export async function whyRun(
  node: Node,
  standing: Standing,
  { store, latest, given }: Pick<PlanContext, 'store' | 'latest' | 'given'>,
): Promise<readonly string[]> {
  if (standing.record) return [`its result is ${standing.artefact}`]
  const lastKey = latest.get(node.name)
  const before = lastKey ? await store.record(lastKey) : undefined
  if (!before) return [lastKey ? 'its record is gone' : firstRun]
  const places = { path: node.settingsPath, elsewhere: node.settingsElsewhere, given }
  return explainChange(before.ingredients, standing.ingredients, places)
}

function summarise(names: readonly string[]): string {
  return names.length <= 2 ? names.join(' and ') : `${names[0]} and ${names.length - 1} more`
}
