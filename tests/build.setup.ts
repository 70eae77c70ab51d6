import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Builds the command, its workers and its stages once, so that the tests run what a user runs. */
export function setup(): void {
  const script = fileURLToPath(new URL('../scripts/build.mjs', import.meta.url))
  execFileSync(process.execPath, [script, '--bundles-only'], { stdio: 'inherit' })
}
