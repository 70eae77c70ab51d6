import type { LogMelConfig } from '../config.js'

const remembered = 8

/** Makes a thing once for equal settings; the last few are kept. */
export function perSettings<T>(make: (config: LogMelConfig) => T): (config: LogMelConfig) => T {
  const known = new Map<string, T>()
  let lastConfig: LogMelConfig | undefined
  let last: T | undefined
  return (config) => {
    if (config === lastConfig && last !== undefined) return last
    const key = JSON.stringify(config)
    const made = known.get(key) ?? make(config)
    known.delete(key)
    known.set(key, made)
    if (known.size > remembered) known.delete(known.keys().next().value!)
    lastConfig = config
    last = made
    return made
  }
}
