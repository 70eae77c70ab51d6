import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InputError } from '@serflow/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { applyOverride, readSettingsFile, settingPaths } from './settings-file.js'

const corpus = { corpus: { kind: 'ravdess' } }

test.each([
  ['features.bands=40', { features: { bands: 40 } }],
  ['model.seeds=[0, 1]', { model: { seeds: [0, 1] } }],
  ['features.trimDb=null', { features: { trimDb: null } }],
  ['name=07', { name: 7 }],
  ["name='07'", { name: '07' }],
  ['name=a=b', { name: 'a=b' }],
  ['name=', { name: null }],
  ['model.train={epochs: 2}', { model: { train: { epochs: 2 } } }],
])('--set %s is read as YAML', (override, expected) => {
  expect(applyOverride({}, override)).toEqual(expected)
})

test('an override keeps its neighbours, wins over the file and leaves the tree it was given alone', () => {
  const tree = { features: { bands: 64, hopMs: 10 }, name: 'x' }
  const changed = applyOverride(tree, 'features.bands=40')
  expect(changed).toEqual({ features: { bands: 40, hopMs: 10 }, name: 'x' })
  expect(tree).toEqual({ features: { bands: 64, hopMs: 10 }, name: 'x' })
})

test('overrides of different settings may be given in any order', () => {
  const overrides = ['features.bands=40', 'features.hopMs=5', 'model.seeds=[1]', 'name=a']
  fc.assert(
    fc.property(fc.shuffledSubarray(overrides, { minLength: 4 }), (order) => {
      expect(order.reduce(applyOverride, {})).toEqual(overrides.reduce(applyOverride, {}))
    }),
  )
})

test.each(['features.bands', '=3', 'features..bands=3', 'a b=3'])(
  '--set %s is no path=value',
  (override) => {
    expect(() => applyOverride({}, override)).toThrow(InputError)
    expect(() => applyOverride({}, override)).toThrow('expected path=value')
  },
)

test('an override through a value, or with a value that is no YAML, is an error', () => {
  expect(() => applyOverride({ name: 'x' }, 'name.first=y')).toThrow(
    '--set name.first=y: "name" is a value, not a group of settings',
  )
  expect(() => applyOverride({ list: [1] }, 'list.first=y')).toThrow('is a value')
  expect(() => applyOverride({}, 'name=[')).toThrow('the value is no YAML')
})

test('a file of settings is read; an empty one holds none', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'settings-'))
  const path = join(folder, 'a.yaml')
  await writeFile(path, 'corpus: { kind: ravdess }\n')
  expect((await readSettingsFile(path)).tree).toEqual(corpus)
  await writeFile(path, '# nothing yet\n')
  expect((await readSettingsFile(path)).tree).toEqual({})
})

const bomb = ['a: &a0 [x, x]', ...[0, 1, 2, 3, 4, 5, 6, 7, 8].map(more)].join('\n')
function more(depth: number): string {
  return `b${depth}: &a${depth + 1} [${Array.from({ length: 9 }, () => `*a${depth}`).join(', ')}]`
}

test('a file of settings that is no mapping or no YAML is named in one line', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'settings-'))
  const path = join(folder, 'a.yaml')
  for (const [text, expected] of [
    ['42', 'found the number 42'],
    ['[1]', 'found a list'],
    ['a: [', 'a.yaml: Flow sequence'],
    ['a: 1\na: 2\n', 'Map keys must be unique at line 2'],
    ['name: a\n---\nname: b\n', 'holds several documents, divided by ---; expected one'],
    ['name: !!js/function "x"\n', 'Unresolved tag: tag:yaml.org,2002:js/function at line 1'],
    [bomb, 'Excessive alias count'],
  ] as const) {
    await writeFile(path, text)
    const error = await readSettingsFile(path).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(InputError)
    expect((error as InputError).message).toContain(expected)
    expect((error as InputError).message).not.toContain('\n')
  }
})

test('a value whose place is asked for may be behind an alias', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'settings-'))
  const path = join(folder, 'a.yaml')
  await writeFile(path, 'first: &shared\n  bands: 3\nfeatures: *shared\n')
  const { placeOf } = await readSettingsFile(path)
  expect(placeOf(['features', 'bands'])).toBe(`${path}, line 2`)
  expect(placeOf(['features', 'hopMs'])).toBe(`${path}, line 3`)
  expect(placeOf(['model', 'train'])).toBeUndefined()
  expect(placeOf([])).toBeUndefined()
})

test('the paths of a tree are those of its values; a list is one', () => {
  const tree = {
    name: 'x',
    features: { bands: 40, trimDb: null },
    model: { seeds: [0, 1], train: {} },
  }
  expect(settingPaths(tree)).toEqual(['name', 'features.bands', 'features.trimDb', 'model.seeds'])
  expect(settingPaths({})).toEqual([])
})
