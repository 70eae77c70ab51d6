import { expect, test } from 'vitest'
import { intervalStrip, recallStrip, speakerChart } from './charts.js'

const speaker = (
  speakerId: string,
  uar: number,
  gender: 'female' | 'male' | 'unknown' = 'female',
) => ({
  speakerId,
  gender,
  utterances: 10,
  uar,
})

test('a strip marks value, interval and chance in per cent of its width, and says them', () => {
  const { markup } = intervalStrip({
    label: 'network',
    value: 0.654,
    low: 0.6,
    high: 0.7,
    chance: 0.125,
    tone: 'network',
  })
  expect(markup).toContain('cx="65.40%"')
  expect(markup).toMatch(/x1="60.00%"\s+x2="70.00%"/)
  expect(markup).toContain('x1="12.50%"')
  expect(markup).toContain(
    '<title>network: 65.4 %, interval 60.0 % to 70.0 %; chance is 12.5 %</title>',
  )
})

test('a strip without an interval has no bar for it', () => {
  const { markup } = intervalStrip({
    label: 'a',
    value: 1,
    low: null,
    high: null,
    chance: 0.5,
    tone: 'baseline',
  })
  expect(markup).not.toContain('whisker')
  expect(markup).toContain('cx="100.00%"')
})

test('a recall is a bar from 0, the baseline a mark, an absent class nothing', () => {
  const both = recallStrip({ label: 'sad', value: 0.5, baseline: 0.25 }).markup
  expect(both).toMatch(/class="bar"\s+x="0"\s+width="50.00%"/)
  expect(both).toMatch(/class="mark"\s+x1="25.00%"/)
  expect(recallStrip({ label: 'sad', value: 0, baseline: null }).markup).toContain('width="0.00%"')
  const absent = recallStrip({ label: 'sad', value: null, baseline: 0.25 }).markup
  expect(absent).toContain('<title>sad: does not occur</title>')
  expect(absent).not.toMatch(/class="(bar|mark)"/)
})

test('speakers stand best first, at the height of their UAR, in the shape of their gender', () => {
  const { markup } = speakerChart(
    [speaker('a', 0.25), speaker('b', 1, 'male'), speaker('c', 0.25, 'unknown')],
    { value: 0.5, low: 0.4, high: 0.6 },
    0.125,
  )
  const titles = [...markup.matchAll(/<title>(Speaker .*?)<\/title>/g)].map(([, title]) => title)
  expect(titles).toEqual([
    'Speaker b, male: 100.0 %',
    'Speaker a, female: 25.0 %',
    'Speaker c, unknown: 25.0 %',
  ])
  expect(markup).toMatch(/<rect\s+class="male"\s+x="16.67%"\s+y="0.0"/)
  expect(markup).toMatch(/<circle class="female" cx="50.00%" cy="195.0"/)
  expect(markup).toContain('Best is speaker b with 100.0 %, worst speaker c with 25.0 %.')
})

test('long names are cut in the middle, and more than 32 are left to the table', () => {
  const name = 'session-with-a-long-name-F'
  const one = speakerChart([speaker(name, 0.5)], { value: 0.5, low: null, high: null }, 0.1).markup
  expect(one).toContain('sessi…name-F</text>')
  expect(one).not.toContain('class="band"')
  const many = Array.from({ length: 33 }, (_, i) => speaker(`speaker${i}`, 0.5))
  const crowd = speakerChart(many, { value: 0.5, low: 0.4, high: 0.6 }, 0.1).markup
  expect(crowd).not.toContain('rotate(-90)')
  expect(crowd.match(/<circle/g)).toHaveLength(33)
})
