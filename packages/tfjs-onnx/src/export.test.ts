import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import golden from '../../../tests/golden/tfjs-onnx/export.json' with { type: 'json' }
import { compile } from './compile.js'
import { exportedNetwork, input, network, weights } from './export.fixture.js'
import { readModelMetadata } from './metadata.js'

type Outputs = Record<string, { shape: number[]; values: number[] }>

async function expectResultsOf(outputs: Outputs) {
  const compiled = await compile(network)
  const found = await compiled({ x: input, ...weights })
  await compiled.dispose()
  expect(Object.keys(found)).toEqual(Object.keys(outputs))
  for (const [name, { shape, values }] of Object.entries(outputs)) {
    expect(found[name]!.shape).toEqual(shape)
    values.forEach((value, i) => expect(Math.abs(found[name]!.data[i]! - value)).toBeLessThan(1e-5))
  }
}

test('an exported network gives elsewhere what it gives here: onnxruntime for Python', async () => {
  expect(golden.checked).toBe(true)
  await expectResultsOf(golden.outputs)
})

test('what is exported today is valid too, where Python has onnx and onnxruntime', async () => {
  const folder = fileURLToPath(new URL('../../../tests/golden/tfjs-onnx/', import.meta.url))
  try {
    execFileSync('python3', ['-c', 'import onnx, onnxruntime'], { stdio: 'ignore' })
  } catch {
    console.log('not checked: python3 with onnx and onnxruntime is not here')
    return
  }
  const place = mkdtempSync(join(tmpdir(), 'export-'))
  try {
    const file = join(place, 'network.onnx')
    execFileSync(process.execPath, [join(folder, 'write-graph.mjs'), 'network', file])
    const said = execFileSync('python3', [join(folder, 'export.py'), file], { encoding: 'utf8' })
    await expectResultsOf(JSON.parse(said).outputs)
  } finally {
    rmSync(place, { recursive: true })
  }
})

test('the same function gives the same bytes, with its metadata', () => {
  const bytes = exportedNetwork()
  expect(exportedNetwork()).toEqual(bytes)
  expect(readModelMetadata(bytes)).toEqual({ labels: 'calm,happy,sad' })
})
