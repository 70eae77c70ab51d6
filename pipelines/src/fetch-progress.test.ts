import { expect, test } from 'vitest'
import { fetchProgress } from './fetch-progress.js'

function shown(isTerminal: boolean, steps: readonly (readonly [ms: number, bytes: number])[]) {
  let text = ''
  let ms = 0
  const progress = fetchProgress(
    'RAVDESS speech',
    isTerminal,
    (part) => (text += part),
    () => ms,
  )
  for (const [at, bytes] of steps) {
    ms = at
    progress.show({ doing: 'fetching', bytes, total: 200e6 })
  }
  progress.note('going on')
  progress.show({ doing: 'unpacking', bytes: 1, total: 5e6 })
  progress.end()
  return text
}

test('elsewhere than on a terminal there is a line every tenth', () => {
  const lines = shown(false, [
    [0, 0],
    [1, 1e6],
    [4000, 20e6],
    [4001, 21e6],
    [40_000, 200e6],
  ])
  expect(lines.split('\n')).toEqual([
    'fetching RAVDESS speech: 0.0 MB of 200 MB (0 %)',
    'fetching RAVDESS speech: 20 MB of 200 MB (10 %), 5.0 MB/s, 36 s left',
    'fetching RAVDESS speech: 200 MB of 200 MB (100 %), 5.0 MB/s, 0.0 s left',
    'going on',
    '',
  ])
})

test('a terminal has one live line, drawn ten times a second at most', () => {
  const text = shown(true, [
    [0, 0],
    [50, 1e6],
    [3000, 30e6],
  ])
  const drawn = text.split('\r\u001b[2K')
  expect(drawn).toContain('fetching RAVDESS speech: 30 MB of 200 MB (15 %), 10 MB/s, 17 s left')
  expect(drawn).not.toContain('fetching RAVDESS speech: 1.0 MB of 200 MB (0 %)')
  expect(drawn).toContain('unpacking RAVDESS speech: 0.0 MB of 5.0 MB (0 %)')
  expect(drawn.at(-1)).toBe('')
})
