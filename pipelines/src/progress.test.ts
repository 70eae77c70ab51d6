import { expect, test } from 'vitest'
import { duration, showProgress } from './progress.js'
import { JobError } from './runner/executor.js'
import { nodeName, type Node } from './runner/graph.js'

const node = (stage: string, fold: number): Node => {
  const part = { fold: String(fold) }
  return { name: nodeName(stage, part), stage, part, settingsPath: '', config: {}, inputs: {} }
}
const nodes = [node('train', 0), node('train', 1), node('train', 2)]
const [first, second, third] = nodes as [Node, Node, Node]

function show(isTerminal: boolean) {
  const written: string[] = []
  const progress = showProgress(nodes, isTerminal, (text) => written.push(text))
  return { ...progress, lines: () => written.join('').split('\n'), written }
}

test('elsewhere than on a terminal there is a line a node, with its reason where it ran before', () => {
  const { events, lines, secondsByStage } = show(false)
  events.cached!(first)
  events.started!(second, ['has not run yet'])
  events.progress!(second, 0.5)
  events.done!(second, 2)
  events.started!(third, ['model.train.epochs: 2 -> 3'])
  events.done!(third, 3.21)
  expect(lines()).toEqual([
    'train[fold=1]: done in 2.0 s (2/3)',
    'train[fold=2]: model.train.epochs: 2 -> 3',
    'train[fold=2]: done in 3.2 s (3/3)',
    '',
  ])
  expect(secondsByStage.train).toBeCloseTo(5.21, 12)
})

test('on a terminal one line lives: how many are done, the time left, and what is running', () => {
  const { events, written, end } = show(true)
  events.started!(first, ['has not run yet'])
  events.done!(first, 40)
  events.started!(second, ['has not run yet'])
  events.progress!(second, 0.25)
  expect(written.at(-1)).toBe('1/3  1 min 10 s left  train[fold=1] 25 %')
  end()
  expect(written.at(-1)).toBe('\r\u001b[2K')
})

test('the live line never wraps', () => {
  const { events, written } = show(true)
  for (const each of nodes) events.started!(each, [])
  for (const text of written) expect(text.length).toBeLessThan(process.stderr.columns || 80)
})

test('failures and what they hold up are told by name', () => {
  const { events, lines } = show(false)
  events.failed!(first, new JobError('out of luck'))
  events.blocked!(second, first)
  events.warning!('beware')
  expect(lines()).toEqual([
    'train[fold=0]: failed: out of luck',
    'train[fold=1]: not run, since train[fold=0] failed',
    'warning: beware',
    '',
  ])
})

test('a node that has to be made again is not counted twice', () => {
  const { events, lines } = show(false)
  for (const each of nodes) events.cached!(each)
  events.started!(first, ['has not run yet'])
  events.done!(first, 1)
  expect(lines()[0]).toBe('train[fold=0]: done in 1.0 s (3/3)')
})

test.each([
  [0.002, '0.0 s'],
  [0.04, '0.04 s'],
  [0.0949, '0.09 s'],
  [0.095, '0.1 s'],
  [9.94, '9.9 s'],
  [9.96, '10 s'],
  [59.4, '59 s'],
  [61, '1 min 1 s'],
  [3599, '59 min 59 s'],
  [3900, '1 h 5 min'],
  [7199, '2 h 0 min'],
])('%d seconds are %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text)
})
