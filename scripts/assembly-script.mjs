import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import asc from 'assemblyscript/asc'

/**
 * Compiles AssemblyScript with 128-bit vectors and writes it as a TypeScript module with one constant, the program in
 * base64. The same source and compiler give the same bytes.
 *
 * @param source URL of the folder of sources, with a slash at its end
 * @param entry name of the file in it whose exports are the program's
 * @param target URL of the module to write
 * @param constant name of its constant
 * @param importMemory whether the caller gives the program its memory
 * @throws Error with the compiler's complaint
 */
export async function compileKernels({ source, entry, target, constant, importMemory = false }) {
  const texts = new Map(
    readdirSync(source).map((name) => [name, readFileSync(new URL(name, source), 'utf8')]),
  )
  const options = ['--optimizeLevel', '3', '--noAssert', '--runtime', 'stub', '--enable', 'simd']
  let wasm
  const { error, stderr } = await asc.main(
    [
      entry,
      '--outFile',
      'kernels.wasm',
      ...options,
      ...(importMemory ? ['--importMemory'] : []),
      '--use',
      'abort=',
    ],
    {
      readFile: (name) => texts.get(name) ?? null,
      writeFile: (name, content) => {
        if (name === 'kernels.wasm') wasm = content
      },
      listFiles: () => [],
    },
  )
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`)
  mkdirSync(new URL('.', target), { recursive: true })
  const text = Buffer.from(wasm).toString('base64')
  writeFileSync(target, `export const ${constant} =\n  '${text}'\n`)
}
