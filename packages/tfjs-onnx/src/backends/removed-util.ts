import { Module } from 'node:module'
import { dirname, sep } from 'node:path'
import util from 'node:util'

// Node's own, and not in its types.
interface ModuleLoader {
  _load(
    request: string,
    parent: { readonly filename?: string } | undefined,
    isMain: boolean,
  ): unknown
}

/** Functions of `util` that @tensorflow/tfjs-node 4.22 calls and Node 23 removed. */
const removed = {
  isArray: Array.isArray,
  isNullOrUndefined: (value: unknown) => value === null || value === undefined,
}

/**
 * Requires a package whose own files see a `util` that has the functions which Node removed.
 *
 * Only requests for `util` from the package's folder are answered so, and only while it loads: `util` itself is left
 * as it is, for everyone.
 *
 * @param require of the module on whose behalf the package is loaded
 * @param missing the functions to add where `util` has none of that name
 */
export function requireWithUtil(
  require: NodeJS.Require,
  packageName: string,
  missing: Readonly<Record<string, unknown>> = removed,
): unknown {
  if (Object.keys(missing).every((name) => name in util)) return require(packageName)
  const loader = Module as unknown as ModuleLoader
  const original = loader._load
  const folder = dirname(require.resolve(`${packageName}/package.json`)) + sep
  const isOwn = (file = '') =>
    file.startsWith(folder) && !file.slice(folder.length).includes('node_modules')
  const extended: unknown = Object.assign(Object.create(util), missing)
  loader._load = function load(request, parent, isMain) {
    const isUtil = request === 'util' || request === 'node:util'
    if (isUtil && isOwn(parent?.filename)) return extended
    return original.call(this, request, parent, isMain)
  }
  try {
    return require(packageName)
  } finally {
    loader._load = original
  }
}
