import type { ByteSource } from './byte-source.js'

/**
 * What lies behind the end of a file of plain samples, as a note: perhaps sound that the header's sizes leave out. Zeros, tags
 * of MP3 players, and less than a frame or a chunk's head are not worth one.
 *
 * @param end of the last chunk, or of the sound where there are none
 */
export function tailNote(source: ByteSource, end: number, frameBytes: number): readonly string[] {
  const bytes = source.size - end
  if (bytes < Math.max(8, frameBytes) || isZero(source, end)) return []
  const head = Buffer.from(source.read(end, end + 12)).toString('latin1')
  if (/^(TAG|ID3|APETAGEX|LYRICSBEGIN)/.test(head)) return []
  if (/^(RIFF|RF64|BW64)....WAVE/s.test(head)) {
    return [`unread: another WAV file of ${bytes} bytes lies behind its end`]
  }
  return [
    `unread: ${bytes} bytes lie behind its end, ${Math.floor(bytes / frameBytes)} frames if they are sound`,
  ]
}

function isZero(source: ByteSource, start: number): boolean {
  const step = 65536
  for (let at = start; at < source.size; at += step) {
    if (source.read(at, at + step).some((byte) => byte !== 0)) return false
  }
  return true
}
