/** Names in a sentence: all of them up to `most`, beyond that the first and how many more. */
export function listed(names: readonly string[], most = 5): string {
  const shown = names.slice(0, most).join(', ')
  return names.length > most ? `${shown} and ${names.length - most} more` : shown
}

/** A number and its noun: `counted(1, 'fold')` is "1 fold", 2 are "2 folds". */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`
}

/** A rate 0..1 in per cent, to one decimal: 0.6541 is "65.4 %". */
export function percent(rate: number): string {
  return `${(100 * rate).toFixed(1)} %`
}

/** A level of confidence in per cent, without needless decimals: 0.95 is "95 %", 0.999 is "99.9 %". */
export function level(confidence: number): string {
  return `${Number((100 * confidence).toFixed(4))} %`
}

/** A difference of rates in percentage points, with its sign: 0.0123 is "+1.2". */
export function points(difference: number): string {
  const text = (100 * Math.abs(difference)).toFixed(1)
  if (text === '0.0') return text
  return `${difference < 0 ? '−' : '+'}${text}`
}
