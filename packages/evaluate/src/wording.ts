/** Names in a sentence: all of them up to `most`, beyond that the first and how many more. */
export function listed(names: readonly string[], most = 5): string {
  const shown = names.slice(0, most).join(', ')
  return names.length > most ? `${shown} and ${names.length - most} more` : shown
}

/** A number and its noun: `counted(1, 'fold')` is "1 fold", 2 are "2 folds". */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`
}

/** A rate 0..1 in per cent, one decimal: 0.6541 is "65.4 %". */
export function percent(rate: number): string {
  return `${tenths(100 * rate)} %`
}

/** A difference of rates in percentage points, with its sign: 0.0123 is "+1.2". */
export function points(difference: number): string {
  const text = tenths(100 * Math.abs(difference))
  if (text === '0.0') return '0.0'
  return `${difference < 0 ? '−' : '+'}${text}`
}

/** Fixed to one decimal. Rounds 0.05 as it is stored, like toFixed; never shows a negative zero. */
function tenths(value: number): string {
  return value.toFixed(1).replace(/^-0\.0$/, '0.0')
}
