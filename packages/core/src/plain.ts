/**
 * What of this package reaches no module of Node's: for code that browsers, Deno and Bun run too. The same values as
 * those of index.ts.
 */
export * from './audio.js'
export * from './errors.js'
export * from './random.js'
export * from './tensor.js'
