import { createRequire } from 'node:module'
import { requireWithUtil } from './removed-util.js'

/** Backends that come as packages of their own, which nobody gets unasked. */
export const peers = {
  'tensorflow-gpu': { packageName: '@tensorflow/tfjs-node-gpu', tfjsName: 'tensorflow' },
  tensorflow: { packageName: '@tensorflow/tfjs-node', tfjsName: 'tensorflow' },
  wasm: { packageName: '@tensorflow/tfjs-backend-wasm', tfjsName: 'wasm' },
} as const

/** A backend from an optional package. */
export type PeerName = keyof typeof peers

/** The version that fits the @tensorflow/tfjs-core in use: backends are registered with one core only. */
export const peerVersion = '4.22.0'

/**
 * Loads ONNX Runtime or an optional package. Packages are looked for from here upwards, then in the folders of NODE_PATH.
 */
export async function loadPackage(packageName: string): Promise<unknown> {
  if (packageName === 'onnxruntime-node') return import('onnxruntime-node')
  const require = createRequire(import.meta.url)
  const isNative = packageName.startsWith('@tensorflow/tfjs-node')
  return isNative ? requireWithUtil(require, packageName) : require(packageName)
}

/** The command that adds a package without changing package.json. */
export function installCommand(packageName: string): string {
  return `npm install --no-save ${packageName}@${peerVersion}`
}

/**
 * Why a package could not be loaded, in words, and what to do.
 *
 * @param error what loading it threw
 */
export function loadFault(packageName: string, error: unknown): { reason: string; advice: string } {
  const message = error instanceof Error ? error.message : String(error)
  const first = message.trim().split('\n')[0]!
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const isMissing = code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND'
  if (isMissing && first.includes(`'${packageName}'`)) {
    return { reason: `${packageName} is not installed`, advice: installCommand(packageName) }
  }
  const library = /(lib[\w.+-]+\.so[\w.]*): cannot open shared object file/.exec(message)?.[1]
  if (library !== undefined) {
    return {
      reason: `${packageName} needs the shared library ${library}, which is not there`,
      advice: /cuda|cudnn|cublas|cufft|curand|cusolver|cusparse|nccl|nvrtc/.test(library)
        ? 'install the CUDA and cuDNN versions that the package asks for, and name their folder in LD_LIBRARY_PATH'
        : `npm rebuild ${packageName}, or name its folder in LD_LIBRARY_PATH`,
    }
  }
  if (/native addon module|tfjs_binding|onnxruntime_binding/.test(message)) {
    return {
      reason: `${packageName} is installed without its native binding: its install script did not run, or could not download it`,
      advice: `with a network, npm rebuild ${packageName}; else build it as docs/tfjs-onnx.md says`,
    }
  }
  return {
    reason: `${packageName} cannot be loaded: ${first}`,
    advice: `npm rebuild ${packageName}`,
  }
}
