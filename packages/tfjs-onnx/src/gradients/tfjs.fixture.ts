import { getGradient, registerGradient, unregisterGradient } from '@tensorflow/tfjs-core'
import { build } from 'esbuild'
import { gradients, registerGradients } from './index.js'

type Config = Parameters<typeof registerGradient>[0]

/**
 * Runs `run` with the gradients that come with TensorFlow.js, an independent implementation. Its core package
 * has them as files that Node cannot load, so they are bundled first.
 */
export async function withTfjsGradients<Result>(run: () => Result): Promise<Result> {
  loaded ??= load()
  const configs = await loaded
  configs.forEach(registerGradient)
  try {
    return run()
  } finally {
    clear()
    registerGradients()
  }
}

let loaded: Promise<Config[]> | undefined

async function load(): Promise<Config[]> {
  clear()
  const { outputFiles } = await build({
    stdin: {
      contents: "import '@tensorflow/tfjs-core/dist/register_all_gradients.js'",
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    format: 'esm',
    platform: 'node',
    mainFields: ['module', 'main'],
    write: false,
  })
  const source = Buffer.from(outputFiles[0]!.contents).toString('base64')
  await import(/* @vite-ignore */ `data:text/javascript;base64,${source}`)
  return gradients.flatMap(({ kernelName }) => getGradient(kernelName) ?? [])
}

function clear(): void {
  for (const { kernelName } of gradients) {
    const known: Config | undefined = getGradient(kernelName)
    if (known !== undefined) unregisterGradient(kernelName)
  }
}
