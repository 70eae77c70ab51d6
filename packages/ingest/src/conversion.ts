/**
 * The command that makes a WAV file of any sound: of the same name, since corpora tell much by names, but for a file that
 * is called .wav already. A name is quoted so that a shell takes it as it is.
 */
export function howToConvert(fileName: string): string {
  const [stem, type] = divide(fileName)
  const target = type.toLowerCase() === '.wav' ? `${stem}-pcm.wav` : `${stem}.wav`
  return `convert it: ffmpeg -i ${quoted(asPath(fileName))} -c:a pcm_s16le ${quoted(asPath(target))}`
}

function divide(fileName: string): readonly [string, string] {
  const [type] = /(?<=[^/\\])\.[^./\\]*$/.exec(fileName) ?? ['']
  return [fileName.slice(0, fileName.length - type.length), type]
}

/** ffmpeg takes a name with a hyphen in front for an option, and what stands before a colon for a protocol. */
function asPath(fileName: string): string {
  return /^-|^[\w.+-]*:/.test(fileName) && !/^[a-z]:[/\\]/i.test(fileName)
    ? `./${fileName}`
    : fileName
}

/** Double quotes serve in every shell; in those of Unix some signs keep a meaning within them. */
function quoted(name: string): string {
  return /["$`!]|\\(\\|$)/.test(name) ? `'${name.replaceAll("'", "'\\''")}'` : `"${name}"`
}
