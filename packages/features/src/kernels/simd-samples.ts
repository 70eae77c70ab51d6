import { plainMoments } from './moments.js'
import type { FrontEndWasm } from './simd.js'
import type { WasmMemory } from './web-assembly.js'

// Both lie in the part of the memory that no settings claim; see simd-tables.ts.
const chunk = 16384
const boundsAt = 4 * (chunk + 4)
const partsOfCall = 1024
const momentsAt = boundsAt + 4 * (partsOfCall + 4)

/** FrontEndKernel.allFinite in the kernels' memory, some samples at a time. */
export function allFinite(
  wasm: Pick<FrontEndWasm, 'allFinite'>,
  memory: WasmMemory,
  samples: Float32Array,
): boolean {
  const place = new Float32Array(memory.buffer, 0, chunk + 4)
  for (let at = 0; at < samples.length; at += chunk) {
    const part = samples.subarray(at, at + chunk)
    place.set(part)
    place.fill(0, part.length, part.length + 4)
    if (!wasm.allFinite(0, part.length)) return false
  }
  return true
}

/** FrontEndKernel.moments in the kernels' memory, some parts at a time; a part too long for it is done plainly. */
export function moments(
  wasm: Pick<FrontEndWasm, 'moments'>,
  memory: WasmMemory,
  samples: Float32Array,
  bounds: Int32Array,
): Float64Array {
  const parts = bounds.length - 1
  const found = new Float64Array(2 * parts)
  const place = new Float32Array(memory.buffer, 0, chunk)
  const boundsPlace = new Int32Array(memory.buffer, boundsAt, partsOfCall + 1)
  for (let part = 0; part < parts;) {
    const from = bounds[part]!
    let end = part
    while (end < parts && end - part < partsOfCall && bounds[end + 1]! - from <= chunk) end++
    if (end === part) {
      found.set(plainMoments(samples, bounds.subarray(part, part + 2)), 2 * part)
      part++
      continue
    }
    place.set(samples.subarray(from, bounds[end]))
    boundsPlace.set(bounds.subarray(part, end + 1).map((bound) => bound - from))
    wasm.moments(0, boundsAt, end - part, momentsAt)
    found.set(new Float64Array(memory.buffer, momentsAt, 2 * (end - part)), 2 * part)
    part = end
  }
  return found
}
