import {
  findBackend,
  findBackendFactory,
  getBackend,
  setBackend,
  version_core,
} from '@tensorflow/tfjs-core'
import {
  backendNames,
  BackendUnavailableError,
  graphBackendNames,
  isBackendName,
  unavailable,
  type Backend,
  type BackendAvailability,
  type BackendName,
  type GraphBackendName,
  type PackageLoader,
} from './backend.js'
import { eagerBackend } from './eager.js'
import { deviceFault } from './device.js'
import { openOnnx } from './onnx.js'
import { installCommand, loadFault, loadPackage, peers, type PeerName } from './peers.js'

/**
 * What `auto` tries, fastest first. WebGPU is not among them: a software driver, slower than the processor, looks the
 * same from here. The rest, slower than onnx-cpu, is for those who ask for it.
 */
export const autoOrder = ['onnx-cuda', 'tensorflow-gpu', 'onnx-cpu'] as const

/**
 * Whether a backend is there, as a value: this throws nothing.
 *
 * It is tried: ONNX Runtime opens the device, a package is loaded. What was loaded stays loaded.
 */
export async function checkBackend(
  name: BackendName,
  load: PackageLoader = loadPackage,
): Promise<BackendAvailability> {
  return isOnnx(name) ? checkOnnx(name, load) : checkPeer(name, load)
}

/**
 * The backend of that name; `auto` is the first of `autoOrder` that is there.
 *
 * @throws BackendUnavailableError with the reason and what to do
 */
export async function openBackend(
  name: BackendName | 'auto',
  load: PackageLoader = loadPackage,
): Promise<Backend> {
  if (name !== 'auto' && !isBackendName(name)) {
    throw new BackendUnavailableError(
      `there is no backend "${String(name)}"; expected auto, ${backendNames.join(', ')}`,
    )
  }
  const reasons: string[] = []
  for (const candidate of name === 'auto' ? autoOrder : [name]) {
    const found = await checkBackend(candidate, load)
    if ('backend' in found) return found.backend
    reasons.push(unavailable(candidate, found))
  }
  throw new BackendUnavailableError(reasons.join('\n'))
}

async function checkOnnx(
  name: GraphBackendName,
  load: PackageLoader,
): Promise<BackendAvailability> {
  try {
    return { name, backend: await openOnnx(name, load) }
  } catch (error) {
    return { name, ...deviceFault(name, error) }
  }
}

async function checkPeer(name: PeerName, load: PackageLoader): Promise<BackendAvailability> {
  const { packageName, tfjsName } = peers[name]
  const other = name === 'tensorflow' ? 'tensorflow-gpu' : 'tensorflow'
  if (tfjsName === 'tensorflow' && loadedNative === other && findBackend(tfjsName)) {
    return {
      name,
      reason: `${peers[other].packageName} is loaded in this process, and both in one process clash`,
      advice: 'ask for it in a process of its own',
    }
  }
  const previous: string | null | undefined = getBackend()
  try {
    const loaded = (await load(packageName)) as Loaded
    if (!findBackendFactory(tfjsName)) {
      // The project's lock file puts an empty package in this place for a dependency that is not used.
      return {
        name,
        reason: `${packageName} is not installed: what is found under its name makes no backend`,
        advice: installCommand(packageName),
      }
    }
    if (tfjsName === 'tensorflow') loadedNative = name
    const core = loaded.version?.['tfjs-core'] ?? loaded.version_wasm ?? version_core
    if (core !== version_core) {
      return {
        name,
        reason: `${packageName} is version ${core}, but @tensorflow/tfjs-core is ${version_core}`,
        advice: installCommand(packageName),
      }
    }
    if (!(await isStarted(tfjsName))) {
      return {
        name,
        reason: `${packageName} cannot be started`,
        advice: `npm rebuild ${packageName}`,
      }
    }
    if (name === 'tensorflow-gpu' && !isOnGpu(findBackend(tfjsName))) {
      return {
        name,
        reason: `${packageName} is there, but TensorFlow sees no GPU`,
        advice: 'look whether nvidia-smi lists one, and for its CUDA and cuDNN libraries',
      }
    }
    return { name, backend: eagerBackend(name, `${packageName} ${core}`, tfjsName) }
  } catch (error) {
    return { name, ...loadFault(packageName, error) }
  } finally {
    // A native package puts itself in use when it is loaded.
    if (previous && findBackend(previous)) await setBackend(previous)
  }
}

/** The parts in use of what a package exports. */
interface Loaded {
  readonly version?: Readonly<Record<string, string>>
  readonly version_wasm?: string
}

let loadedNative: PeerName | undefined

async function isStarted(tfjsName: string): Promise<boolean> {
  try {
    return await setBackend(tfjsName)
  } catch {
    return false
  }
}

function isOnGpu(backend: unknown): boolean {
  return (
    typeof backend === 'object' &&
    backend !== null &&
    'isUsingGpuDevice' in backend &&
    backend.isUsingGpuDevice === true
  )
}

function isOnnx(name: BackendName): name is GraphBackendName {
  return graphBackendNames.some((known) => known === name)
}
