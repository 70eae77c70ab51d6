#!/usr/bin/env node
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const program = new URL('../dist/cli.js', import.meta.url)
if (!existsSync(fileURLToPath(program))) {
  process.stderr.write('serflow is not built yet; run "npm run build" in its folder\n')
  process.exit(2)
}
const { main } = await import(program.href)
process.exitCode = await main(process.argv.slice(2))
