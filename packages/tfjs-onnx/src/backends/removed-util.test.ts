import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import util from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { requireWithUtil } from './removed-util.js'

let folder: string
let require: NodeJS.Require

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'removed-util-'))
  const write = (path: string, content: string) => {
    mkdirSync(join(folder, 'node_modules', path, '..'), { recursive: true })
    writeFileSync(join(folder, 'node_modules', path), content)
  }
  write('native/package.json', '{"name":"native","main":"dist/index.js"}')
  write(
    'native/dist/index.js',
    "const util_1 = require('util')\n" +
      'exports.isGone = (value) => util_1.isGone(value)\n' +
      "exports.format = () => util_1.format('%s', 1)\n" +
      "exports.inner = require('inner').util\n",
  )
  write('native/node_modules/inner/index.js', "exports.util = require('node:util')\n")
  write('broken/package.json', '{"name":"broken"}')
  write('broken/index.js', "throw new Error('broken on purpose')\n")
  require = createRequire(join(folder, 'index.js'))
})

afterAll(() => rmSync(folder, { recursive: true }))

test('a package sees the functions that Node removed, later too, and all others', () => {
  const isGone = (value: unknown) => value === null
  const native = requireWithUtil(require, 'native', { isGone }) as Record<string, () => unknown>
  expect((native.isGone as (value: unknown) => boolean)(null)).toBe(true)
  expect(native.format!()).toBe('1')
})

test('nobody else sees them: not what the package depends on, and not util itself', () => {
  const native = requireWithUtil(require, 'native', { isGone: () => true }) as { inner: object }
  expect('isGone' in native.inner).toBe(false)
  expect('isGone' in util).toBe(false)
  expect(require('util')).toBe(util)
})

test('a package that throws leaves the loader as it was', () => {
  expect(() => requireWithUtil(require, 'broken', { isGone: () => true })).toThrow('on purpose')
  expect(() => requireWithUtil(require, 'absent', { isGone: () => true })).toThrow('absent')
  expect(require('util')).toBe(util)
})
