/**
 * A length of time as pandas writes it, in seconds: `0 days 00:00:01.898250`, `00:00:01.5` with hours first, or `1 days`
 * where all of a column are whole days.
 *
 * @returns undefined for what is not written so
 */
export function clockSeconds(text: string): number | undefined {
  const whole = /^(\d+) days?$/.exec(text)
  if (whole) return Number(whole[1]) * 86400
  const match = /^(?:(\d+) days?,? )?(\d+):(\d\d):(\d\d(?:\.\d+)?)$/.exec(text)
  if (!match) return undefined
  const [, days = '0', hours = '', minutes = '', rest = ''] = match
  if (Number(minutes) >= 60 || Number(rest) >= 60) return undefined
  // Whole seconds first, so that no digit of the fraction is lost on the way.
  return (Number(days) * 24 + Number(hours)) * 3600 + Number(minutes) * 60 + Number(rest)
}
