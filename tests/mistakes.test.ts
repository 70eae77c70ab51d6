import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { passingFolder, sampleWorkspace, serflow, type Workspace } from './serflow.fixture.js'

let workspace: Workspace

beforeAll(async () => {
  workspace = await sampleWorkspace(2, 2)
})

/** The command must refuse with status 2 and one line. */
async function refusal(...args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await serflow(...args)
  expect(stderr.trimEnd().split('\n'), stderr).toHaveLength(1)
  expect(status).toBe(2)
  expect(stdout).toBe('')
  return stderr
}

test.each([
  ['features.band=40', 'features.band: there is no such setting; did you mean "bands"?'],
  ['modle.seeds=[1]', 'modle: there is no such setting; did you mean "model"?'],
  ['zzz=1', 'zzz: there is no such setting'],
  ['features.bands=-3', 'features.bands: Too small: expected number to be >0'],
  ['features.bands=many', 'features.bands: Invalid input: expected number, received string'],
  ['features.bands.width=3', 'features.bands: Invalid input: expected number, received object'],
  [
    'corpus.kind=emobd',
    'corpus.kind: Invalid option: expected one of "ravdess"|"emodb"|"iemocap"|"crema-d"|"tess"|"savee"|"table"|"folders"|"audformat"|"sample"',
  ],
  ['corpus.chanels=[song]', 'corpus.chanels: there is no such setting; did you mean "channels"?'],
  ['name=../../etc', 'name: letters, digits, "-", "_" and "." only'],
  ['features.bands', '--set features.bands: expected path=value, such as features.bands=40'],
  ['model.seeds=[1', '--set model.seeds=[1: the value is no YAML; put it in quotes'],
  ['name.first=x', '--set name.first=x: "name" is a value, not a group of settings'],
])('--set %s is refused in one line', async (setting, expected) => {
  expect(await refusal(...workspace.args('run', '--set', setting))).toBe(`${expected}\n`)
})

test('a setting that does not go with those of the file is told with their line', async () => {
  expect(await refusal(...workspace.args('run', '--set', 'corpora=[{kind: emodb}]'))).toMatch(
    /tiny\.yaml, line \d+: corpus: expected either corpus: \{kind: ravdess\} or corpora: \[\.\.\.\], one of the two\n$/,
  )
})

test('a data folder that cannot be written is told in one line', async () => {
  const file = join(await passingFolder('serflow-settings-'), 'file')
  await writeFile(file, '')
  const given = ['--data', file, '--set', 'corpus.kind=sample']
  const { status, stderr } = await serflow('run', ...given)
  expect(status).toBe(1)
  expect(stderr.trimEnd().split('\n').at(-1)).toMatch(
    /^.*: part of this path is a file or a broken link; mend that, or name another folder with --data \(ENOTDIR\)$/,
  )
  expect(stderr).not.toContain('    at ')
})

test('each wrong setting has its line', async () => {
  const args = workspace.args('run', '--set', 'features.band=40', '--set', 'model.train.epochs=0')
  const { status, stderr } = await serflow(...args)
  expect(status).toBe(2)
  expect(stderr.trimEnd().split('\n').sort()).toEqual([
    'features.band: there is no such setting; did you mean "bands"?',
    'model.train.epochs: Too small: expected number to be >0',
  ])
})

test.each([
  [['run', 'featurs'], 'there is no stage "featurs"; did you mean "features"?'],
  [['run', 'nonsense'], 'there is no stage "nonsense"; expected one of ingest, features, model,'],
  [['run', '--jobs', '0'], '--jobs 0: expected a whole number from 1 to 1024'],
  [['run', '--jobs', '1.5'], '--jobs 1.5: expected a whole number'],
  [['run', '--jobs', 'two'], '--jobs: expected a whole number'],
  [['run', '--jobs', '1', '--jobs', '2'], '--jobs is given twice'],
  [['run', 'features', 'model'], 'unknown argument: model'],
  [['run', '--job', '2'], 'unknown argument: job; did you mean "jobs"?'],
])('serflow %j is refused in one line', async (args, expected) => {
  expect(await refusal(...workspace.args(...args))).toContain(expected)
})

test.each([
  [[], 'expected a command: run, plan, predict,'],
  [['rnu'], 'unknown argument: rnu; did you mean "run"?'],
  [['cache'], 'expected "cache list" or "cache gc"'],
  [['cache', 'clear'], 'unknown argument: clear'],
  [['fetch', 'emodb', '--json'], 'serflow fetch has no option --json (see serflow fetch --help)'],
  [['plan', '--jobs=2'], 'serflow plan has no option --jobs'],
  [['inspect', '.', '--kind', 'table', '--kind', 'folders'], '--kind is given twice'],
  [['inspect', '.', '--html', 'a', '--html', 'b'], '--html is given twice'],
  [['doctor', '--backend', 'a', '--backend', 'b'], '--backend is given twice'],
  [['show', 'a.wav', 'b.wav'], 'unknown argument: b.wav'],
  [['predict'], 'expected at least one sound file'],
  [['predict', '-'], '-: standard input is not read, expected the name of a file'],
  [['run', '--data'], 'not enough arguments following: data'],
  [['run', '--set'], 'not enough arguments following: set'],
])('serflow %j is refused in one line', async (args, expected) => {
  expect(await refusal(...args)).toContain(expected)
})

test.each([
  [
    ['ingest.folds.list=[["01"],["02"]]'],
    'ingest.folds.list is not looked at by the scheme leave-one-speaker-out, but by list;',
  ],
  [
    ['ingest.folds={scheme: k-speakers, folds: 2, seed: 3}'],
    'ingest.folds.seed is not looked at by the scheme k-speakers, but by random-clips;',
  ],
])('a setting of the folds in vain, %j, is noted', async (settings, expected) => {
  const given = settings.flatMap((each) => ['--set', each])
  const { status, stderr } = await workspace.call('plan', ...given).ended
  expect(stderr).toContain(`note: ${expected}`)
  expect(status).toBe(0)
})

test('a configuration that is missing, a folder, no YAML or no mapping is refused in one line', async () => {
  const folder = await passingFolder('serflow-settings-')
  const withConfig = (path: string) => refusal('run', '--data', folder, '--config', path)
  const missing = join(folder, 'missing.yaml')
  expect(await withConfig(missing)).toBe(`${missing}: there is no such file\n`)
  expect(await withConfig(folder)).toBe(
    `${folder}: is a folder, expected a YAML file of settings\n`,
  )
  const broken = join(folder, 'broken.yaml')
  await writeFile(broken, 'model: [1')
  expect(await withConfig(broken)).toMatch(
    /broken\.yaml: Flow sequence .* at line 1, column \d+\n$/,
  )
  const list = join(folder, 'list.yaml')
  await writeFile(list, '- model')
  expect(await withConfig(list)).toContain(
    'expected settings such as "features: {bands: 40}", found a list',
  )
})

test('the version goes to standard output', async () => {
  const { status, stdout, stderr } = await serflow('--version')
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
})

test('help goes to standard output, and tells of the licence of RAVDESS', async () => {
  const { status, stdout, stderr } = await serflow('predict', '--help')
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout).toContain('CC BY-NC-SA 4.0')
})
