import { canonicalJson, sha256 } from '@serflow/core'
import type { Node, NodeInput } from './graph.js'

/**
 * All that decides a node's result. The key is its SHA-256; it is kept in the record, so that a later plan can
 * say in words what has changed.
 */
export interface Ingredients {
  readonly stage: string
  readonly part: Readonly<Record<string, string>>
  readonly config: unknown
  /** SHA-256 of the stage's bundled code with the versions of the packages it imports. */
  readonly code: string
  /** For each input a list of [name, digest]: nodes, files, or one entry for a value. */
  readonly inputs: Readonly<Record<string, readonly (readonly [string, string])[]>>
}

/** The ingredients of a node, or the upstream nodes whose output is not known yet. */
export function ingredientsOf(
  node: Node,
  code: string,
  outputDigest: (node: Node) => string | undefined,
): Ingredients | { readonly waitsFor: readonly Node[] } {
  const waitsFor: Node[] = []
  const digestOf = (source: Node): readonly [string, string] => {
    const digest = outputDigest(source)
    if (digest === undefined) waitsFor.push(source)
    return [source.name, digest ?? '']
  }
  const inputs = Object.fromEntries(
    Object.entries(node.inputs).map(([name, input]) => [name, inputDigests(input, digestOf)]),
  )
  if (waitsFor.length > 0) return { waitsFor }
  return { stage: node.stage, part: node.part, config: node.config, code, inputs }
}

/** SHA-256 of the canonical JSON of the ingredients. */
export function keyOf(ingredients: Ingredients): string {
  return sha256(canonicalJson(ingredients))
}

function inputDigests(
  input: NodeInput,
  digestOf: (source: Node) => readonly [string, string],
): readonly (readonly [string, string])[] {
  switch (input.kind) {
    case 'artefact':
      return [digestOf(input.from)]
    case 'artefacts':
      return input.from.map(digestOf)
    case 'files':
      return input.files.map((file) => [file.path, file.digest] as const)
    case 'value':
      return [['value', sha256(canonicalJson(input.value))]]
  }
}
