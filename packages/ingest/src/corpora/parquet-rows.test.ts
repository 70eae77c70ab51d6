import { readFileSync } from 'node:fs'
import { InputError } from '@serflow/core'
import { describe, expect, test } from 'vitest'
import { listingOf } from './listing.fixture.js'
import { parquetLines } from './parquet-rows.js'

const folder = new URL('../../../../tests/golden/corpora/', import.meta.url)
const golden = (name: string) => readFileSync(new URL(`parquet-${name}.parquet`, folder))
const { times } = JSON.parse(readFileSync(new URL('parquet.json', folder), 'utf8')) as {
  times: Readonly<Record<string, readonly (readonly (number | null)[])[]>>
}
const tableOf = (name: string) => ({ 'l.parquet': golden(name), 'a.wav': '', 'b.wav': '' })

test.each(Object.entries(times))(
  '%s: durations are seconds as pyarrow reads them',
  async (name, expected) => {
    const { entries } = await listingOf('table', tableOf(name))
    const [starts = [], ends = []] = expected
    expect(entries.map(({ startSeconds, endSeconds }) => [startSeconds, endSeconds])).toEqual(
      starts.map((start, index) => [start, ends[index]]),
    )
  },
)

test('each type is a text that loses nothing', async () => {
  const [head, ...rows] = await parquetLines(golden('types'), 'types.parquet')
  const cells = (name: string) => rows.map(({ cells }) => cells[head!.cells.indexOf(name)])
  expect(Object.fromEntries(head!.cells.map((name) => [name, cells(name)]))).toEqual({
    duration: ['0 days 00:00:01.500000001', '-0 days 00:00:00.25', ''],
    'category of durations': ['0 days 00:00:00.5', '1 days 00:00:00', ''],
    time32: ['00:00:00.5', '00:01:01', ''],
    time64: ['00:00:00.000000001', '01:00:00', ''],
    timestamp: ['2023-11-14T22:13:20.123456789Z', '1969-12-31T23:59:59.999999999Z', ''],
    'timestamp in seconds': ['2023-11-14T22:13:20.000Z', '1970-01-01T00:00:00.000Z', ''],
    date: ['2024-02-29', '1969-12-31', ''],
    decimal: ['1.25', '-0.5', ''],
    int64: ['9007199254740993', '-9223372036854775808', ''],
    uint64: ['18446744073709551615', '0', ''],
    uint32: ['4294967295', '0', ''],
    int8: ['-128', '127', ''],
    float16: ['0.5', '1.25', ''],
    float32: ['0.5', '-2', ''],
    float64: ['0.1', 'Infinity', ''],
    bool: ['true', 'false', ''],
    binary: ['text', 'größe', ''],
    'fixed binary': ['abcd', 'efgh', ''],
    'large string': ['a', 'b', ''],
    category: ['x', 'y', ''],
    'category of numbers': ['7', '8', ''],
    list: ['["a","b"]', '[]', ''],
    'list of numbers': ['[1,2]', '[]', ''],
    struct: ['{"x":1,"start":null}', '{"x":2,"start":"a"}', ''],
    map: ['{"a":1}', '{}', ''],
    nothing: ['', '', ''],
  })
  expect(rows.map(({ where }) => where)).toEqual(
    [1, 2, 3].map((row) => `"types.parquet", row ${row}`),
  )
})

test.each([
  ['struct', '{"happy":1}'],
  ['map', '{"happy":1}'],
  ['list', '{"happy":1}'],
])('votes as a %s', async (kind, shares) => {
  const { entries } = await listingOf('table', tableOf(`votes-${kind}`))
  expect(entries.map(({ emotion }) => emotion)).toEqual(['happy', 'sad'])
  expect(entries[0]!.labelShares).toBe(shares)
  expect(JSON.parse(entries[1]!.labelShares!)).toEqual({ happy: 1 / 3, sad: 2 / 3 })
})

describe('what cannot be read is refused by its column', () => {
  test.each([
    ['bytes', 'row 1: the column "sound" holds bytes that are no UTF-8 text; write it as text'],
    [
      'interval',
      '"l.parquet": the column "pause" is of the type INTERVAL, which cannot be read; write it as text or as seconds',
    ],
    ['digits', 'row 1: the column "number" holds the decimal 12345678901234567000, which has'],
  ])('%s', async (name, message) => {
    const reading = parquetLines(golden(name), 'l.parquet')
    await expect(reading).rejects.toThrow(InputError)
    await expect(reading).rejects.toThrow(message)
  })
  test.each([
    ['start', 'timestamp', /row 1: start is "2023-11-14T22:13:20.123456789Z", expected seconds/],
    ['end', 'duration', /row 2: end is "-0 days 00:00:00.25", expected seconds/],
    [
      'emotion',
      'list',
      /row 1: emotion is \["a","b"\], expected one word; annotators may disagree/,
    ],
    ['speaker', 'struct', /row 1: speaker is \{"x":1,"start":null\}, expected one word$/],
  ])('%s from the column %s', async (field, column, message) => {
    const columns = { file: 'large string', emotion: 'category', [field]: column }
    const files = { 'l.parquet': golden('types'), a: '', b: '' }
    await expect(listingOf('table', files, { columns })).rejects.toThrow(message)
  })
})
