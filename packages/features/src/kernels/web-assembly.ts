/** What is used of WebAssembly; TypeScript has its types with those of a browser's page alone. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer
  grow(pages: number): number
}

interface WebAssemblyApi {
  validate(bytes: Uint8Array): boolean
  readonly Memory: new (limits: { readonly initial: number }) => WasmMemory
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown }
}

/** A started module and its memory; undefined where there is no WebAssembly, or not all that the module asks for. */
export function startWasm(
  base64: string,
  pages: number,
): { readonly exports: unknown; readonly memory: WasmMemory } | undefined {
  const { WebAssembly: api } = globalThis as { WebAssembly?: WebAssemblyApi }
  if (!api) return undefined
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  if (!api.validate(bytes)) return undefined
  try {
    const memory = new api.Memory({ initial: pages })
    const { exports } = new api.Instance(new api.Module(bytes), { env: { memory } })
    return { exports, memory }
  } catch {
    // A page's policy may forbid it, and old browsers want large modules to be compiled in the background.
    return undefined
  }
}
