/** A step of the DAG: a stage, its part, its settings and where its inputs come from. */
export interface Node {
  /** Unique, such as `log-mel[speaker=07]`. */
  readonly name: string
  readonly stage: string
  readonly part: Readonly<Record<string, string>>
  /** Where the settings stand in the user's file, such as `features`, to name a change in words. */
  readonly settingsPath: string
  /** Where single settings stand that are not there, by their name in `config`. */
  readonly settingsElsewhere?: Readonly<Record<string, string>> | undefined
  readonly config: unknown
  readonly inputs: Readonly<Record<string, NodeInput>>
}

/** Where an input comes from. */
export type NodeInput =
  | { readonly kind: 'artefact'; readonly from: Node }
  | { readonly kind: 'artefacts'; readonly from: readonly Node[] }
  | { readonly kind: 'files'; readonly root: string; readonly files: readonly FileRef[] }
  | { readonly kind: 'value'; readonly value: unknown }

/** A file of the user's: its path below the corpus folder and its SHA-256. */
export interface FileRef {
  readonly path: string
  readonly digest: string
  /** Absolute path, where it is not simply `path` below the root. */
  readonly location?: string
}

export const from = (node: Node): NodeInput => ({ kind: 'artefact', from: node })
export const fromEach = (nodes: readonly Node[]): NodeInput => ({ kind: 'artefacts', from: nodes })
export const fromFiles = (root: string, files: readonly FileRef[]): NodeInput => ({
  kind: 'files',
  root,
  files,
})
export const fromValue = (value: unknown): NodeInput => ({ kind: 'value', value })

/** `log-mel` and `{ speaker: '07' }` to `log-mel[speaker=07]`. */
export function nodeName(stage: string, part: Readonly<Record<string, string>>): string {
  const inside = Object.entries(part)
    .map(([name, value]) => `${name}=${value}`)
    .join(',')
  return inside ? `${stage}[${inside}]` : stage
}

/** The nodes an input comes from. */
export function sources(input: NodeInput): readonly Node[] {
  if (input.kind === 'artefact') return [input.from]
  return input.kind === 'artefacts' ? input.from : []
}

/** The nodes a node reads, in the order of its inputs. */
export function upstream(node: Node): readonly Node[] {
  return Object.values(node.inputs).flatMap(sources)
}

/**
 * The targets and all that they need, each after what it reads.
 *
 * @throws Error if two different nodes bear one name
 */
export function inOrder(targets: readonly Node[]): readonly Node[] {
  const ordered: Node[] = []
  const seen = new Map<string, Node>()
  const visit = (node: Node): void => {
    const known = seen.get(node.name)
    if (known === node) return
    if (known) throw new Error(`two nodes are named ${node.name}`)
    seen.set(node.name, node)
    upstream(node).forEach(visit)
    ordered.push(node)
  }
  targets.forEach(visit)
  return ordered
}
