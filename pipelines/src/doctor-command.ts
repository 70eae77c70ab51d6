import { execFile } from 'node:child_process'
import { access, constants, mkdtemp, rmdir, statfs } from 'node:fs/promises'
import { availableParallelism, cpus, freemem, totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import { InputError } from '@serflow/core'
import {
  backendNames,
  checkBackend,
  isBackendName,
  tryBackend,
  type BackendName,
} from '@serflow/tfjs-onnx'
import { dataFolder, readStageCode } from './workspace.js'

/** What the command line says. */
export interface DoctorOptions {
  readonly backend?: string | undefined
  readonly data?: string | undefined
  readonly json?: boolean | undefined
}

/** A backend as it was found. */
export type BackendFinding =
  | { readonly name: BackendName; readonly available: true; readonly library: string }
  | {
      readonly name: BackendName
      readonly available: false
      readonly reason: string
      readonly advice: string
    }

interface Findings {
  readonly ok: boolean
  readonly node: string
  readonly npm: string | null
  readonly platform: string
  readonly cpu: { readonly model: string; readonly cores: number; readonly simd: boolean }
  readonly memory: { readonly totalBytes: number; readonly freeBytes: number }
  readonly onnxruntime: string | null
  readonly data: {
    readonly folder: string
    readonly writable: boolean
    readonly freeBytes: number | null
  }
  readonly backends: readonly BackendFinding[]
}

/** The backend of a run that sets none. */
const defaultBackend = 'onnx-cpu'

/**
 * Says what the machine has for a run. Nothing is asked of any network.
 *
 * @returns the exit status: 0 where a run with default settings can work
 */
export async function doctorCommand(options: DoctorOptions): Promise<number> {
  if (options.backend !== undefined) return backendAlone(options.backend, options.json === true)
  const findings = await examine(options.data)
  process.stdout.write(options.json ? `${JSON.stringify(findings)}\n` : inWords(findings))
  return findings.ok ? 0 : 1
}

async function examine(given: string | undefined): Promise<Findings> {
  const [backends, data, npm, { packages }] = await Promise.all([
    // Each in a process of its own: some clash, and a driver may take its process down.
    Promise.all(backendNames.map(findBackend)),
    examineData(dataFolder(given).root),
    output('npm', ['--version'], 20_000),
    readStageCode(),
  ])
  const works = backends.some(({ name, available }) => name === defaultBackend && available)
  return {
    ok: works && data.writable,
    node: process.version,
    npm: npm.status === 0 ? npm.text.trim() : null,
    platform: `${process.platform} ${process.arch}`,
    cpu: {
      model: cpus()[0]?.model.trim() ?? 'unknown',
      cores: availableParallelism(),
      simd: hasSimd(),
    },
    memory: { totalBytes: totalmem(), freeBytes: freemem() },
    onnxruntime: packages['onnxruntime-node'] ?? null,
    data,
    backends,
  }
}

/** Looks for one backend in this process, and computes something on it. */
async function backendAlone(name: string, json: boolean): Promise<number> {
  if (!isBackendName(name)) {
    throw new InputError(`--backend ${name}: expected one of ${backendNames.join(', ')}`)
  }
  const found = await checkBackend(name)
  let finding: BackendFinding
  if ('backend' in found) {
    finding = await tryBackend(found.backend).then(
      () => ({ name, available: true as const, library: found.backend.library }),
      (error: unknown) => ({
        name,
        available: false as const,
        reason: `it is there, but computes nothing right: ${String(error).split('\n')[0]}`,
        advice: 'use another backend',
      }),
    )
  } else {
    finding = { name, available: false, reason: found.reason, advice: found.advice }
  }
  process.stdout.write(json ? `${JSON.stringify(finding)}\n` : backendLine(finding))
  return finding.available ? 0 : 1
}

async function findBackend(name: BackendName): Promise<BackendFinding> {
  const program = process.argv[1]!
  const args = [program, 'doctor', '--backend', name, '--json']
  const { text, status } = await output(process.execPath, args, 60_000)
  // The packages print as well; the finding is the last line.
  const line = text.trim().split('\n').at(-1) ?? ''
  if (line.startsWith('{')) return JSON.parse(line) as BackendFinding
  return {
    name,
    available: false,
    reason: `looking for it ended the process (${status})`,
    advice: `serflow doctor --backend ${name} shows what it prints`,
  }
}

async function examineData(folder: string): Promise<Findings['data']> {
  let place = folder
  for (;;) {
    const reached = await access(place, constants.F_OK).then(
      () => true,
      () => false,
    )
    if (reached || dirname(place) === place) break
    place = dirname(place)
  }
  // Permissions do not tell all: a superuser has them on a read-only disk too.
  const writable = await mkdtemp(join(place, '.serflow-doctor-')).then(
    (made) => rmdir(made).then(() => true),
    () => false,
  )
  const free = await statfs(place).catch(() => undefined)
  return { folder, writable, freeBytes: free ? free.bavail * free.bsize : null }
}

/** What a program prints; its status is a number, a signal, or what kept it from starting. */
function output(
  program: string,
  args: readonly string[],
  timeout: number,
): Promise<{ text: string; status: number | string }> {
  return new Promise((resolve) => {
    execFile(program, [...args], { timeout, encoding: 'utf8' }, (error, text) => {
      resolve({ text, status: error ? (error.signal ?? error.code ?? error.message) : 0 })
    })
  })
}

/** Whether WebAssembly has vector instructions: the engine accepts a module that uses one. */
function hasSimd(): boolean {
  // (func (result v128) (i8x16.splat (i32.const 0)))
  const bytes = [
    ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0],
    ...[10, 8, 1, 6, 0, 65, 0, 253, 15, 11],
  ]
  const { WebAssembly: api } = globalThis as {
    WebAssembly?: { validate(bytes: Uint8Array): boolean }
  }
  return api?.validate(Uint8Array.from(bytes)) ?? false
}

function inWords(findings: Findings): string {
  const { cpu, memory, data } = findings
  const rows = [
    ['node', findings.node],
    ['npm', findings.npm ?? 'not found (a run needs none)'],
    ['platform', findings.platform],
    ['processor', `${cpu.model}, ${cpu.cores} cores`],
    ['vectors', cpu.simd ? 'WebAssembly SIMD is there' : 'no WebAssembly SIMD: all works, slower'],
    ['memory', `${gigabytes(memory.totalBytes)}, of which ${gigabytes(memory.freeBytes)} free`],
    ['onnxruntime', findings.onnxruntime ?? 'not found'],
    [
      'data',
      `${data.folder}: ${data.writable ? 'can be written' : 'CANNOT be written; choose another with --data'}` +
        (data.freeBytes === null ? '' : `, ${gigabytes(data.freeBytes)} free`),
    ],
    ['network', 'not needed; serflow fetch uses it'],
  ] as const
  return (
    rows.map(([label, text]) => `${label.padEnd(12)} ${text}\n`).join('') +
    `\nbackends (model.train.backend; ${defaultBackend} unless set)\n` +
    findings.backends.map(backendLine).join('') +
    `\n${findings.ok ? 'A run with default settings works.' : 'A run with default settings does NOT work: see above.'}\n`
  )
}

function backendLine(finding: BackendFinding): string {
  const text = finding.available
    ? `there: ${finding.library}`
    : `not there: ${finding.reason}; ${finding.advice}`
  return `  ${finding.name.padEnd(16)} ${text}\n`
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`
}
