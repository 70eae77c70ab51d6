/** What all benches share: processes that print JSON, medians, and what ran where. */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'

export const python = process.env.PYTHON ?? 'python3'

/** One thread, also for peers that would take all. */
export const oneThread = {
  OMP_NUM_THREADS: '1',
  OPENBLAS_NUM_THREADS: '1',
  MKL_NUM_THREADS: '1',
  OMP_WAIT_POLICY: 'PASSIVE',
}

/**
 * Runs a command and reads the last line of its standard output as JSON.
 *
 * @returns the record, or `{ absent }` with the reason where the command has no peer to measure (status 3)
 */
export function runJson([command, ...args], env = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    })
    let text = ''
    let complaints = ''
    child.stdout.on('data', (piece) => (text += piece))
    child.stderr.on('data', (piece) => (complaints += piece))
    child.on('error', (error) => resolve({ absent: error.message }))
    child.on('close', (status) => {
      const last = text.trim().split('\n').at(-1) ?? ''
      if (status === 0) return resolve(JSON.parse(last))
      if (status === 3) return resolve({ absent: last || complaints.trim().split('\n').at(-1) })
      reject(new Error(`${[command, ...args].join(' ')} ended with ${status}\n${complaints}`))
    })
  })
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** Keeps three or four digits: no bench is surer than that. */
export function rounded(value) {
  if (Array.isArray(value)) return value.map(rounded)
  if (typeof value === 'number') return Number(value.toPrecision(4))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, rounded(each)]))
}

export function machine() {
  return { processor: cpus()[0].model.trim(), cores: cpus().length, node: process.version }
}

export function versionOf(name) {
  const path = new URL(`../node_modules/${name}/package.json`, import.meta.url)
  return JSON.parse(readFileSync(path, 'utf8')).version
}
