/** What a file is, told from its bytes. */
export interface FileKind {
  /** In words, e.g. `MP3 (.mp3)` or `text`. */
  readonly name: string
  /** Whether a converter such as ffmpeg can make WAV of it. */
  readonly sound: boolean
}

/**
 * What a file is, told from its first bytes; the name is no evidence.
 *
 * @see https://en.wikipedia.org/wiki/List_of_file_signatures
 */
export function fileKind(bytes: Uint8Array): FileKind {
  const found = signatures.find(([, , offset, text]) => startsWith(bytes, offset, text))
  if (found) {
    const [name, sound] = found
    if (name === riff) return riffKind(bytes)
    if (name === ogg) return { name: oggName(bytes), sound }
    return { name, sound }
  }
  // UTF-16 begins with the same byte as MPEG audio.
  if (isUtf16(bytes.subarray(0, 512))) return { name: 'text', sound: false }
  // MPEG audio starts with eleven set bits; layer 0 is the header of AAC in ADTS.
  if (bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xe0) === 0xe0) {
    const layer = ((bytes[1] ?? 0) >> 1) & 3
    return { name: layer === 0 ? 'AAC (.aac)' : 'MP3 (.mp3)', sound: true }
  }
  const head = bytes.subarray(0, 512)
  if (head.every((byte) => byte === 0)) return { name: 'zero bytes only', sound: false }
  if (isText(head)) return { name: 'text', sound: false }
  return { name: 'data of an unknown kind', sound: false }
}

const riff = 'RIFF'
const ogg = 'Ogg (.ogg)'

/** Name, whether sound, offset, bytes as Latin-1 text; the first that fits counts. */
const signatures: readonly (readonly [string, boolean, number, string])[] = [
  [riff, true, 0, 'RIFF'],
  ['WAV', true, 0, 'RF64'],
  ['WAV', true, 0, 'BW64'],
  ['WAV in big-endian order (RIFX)', true, 0, 'RIFX'],
  ['Sony Wave64 (.w64)', true, 0, 'riff\x2e\x91\xcf\x11'],
  ['MP3 (.mp3)', true, 0, 'ID3'],
  ['FLAC (.flac)', true, 0, 'fLaC'],
  [ogg, true, 0, 'OggS'],
  ['M4A (.m4a)', true, 4, 'ftypM4A'],
  ['QuickTime (.mov)', true, 4, 'ftypqt'],
  ['3GP (.3gp)', true, 4, 'ftyp3gp'],
  ['MP4 (.mp4)', true, 4, 'ftyp'],
  ['AIFF (.aiff)', true, 0, 'FORM'],
  ['Sun audio (.au)', true, 0, '.snd'],
  ['AMR (.amr)', true, 0, '#!AMR'],
  ['Core Audio (.caf)', true, 0, 'caff'],
  ['NIST SPHERE (.sph)', true, 0, 'NIST_1A'],
  ['WebM or Matroska (.webm, .mkv)', true, 0, '\x1a\x45\xdf\xa3'],
  ['Windows Media (.wma)', true, 0, '\x30\x26\xb2\x75'],
  ['a ZIP archive', false, 0, 'PK\x03\x04'],
  ['a gzip archive', false, 0, '\x1f\x8b'],
  ['a PDF document', false, 0, '%PDF'],
  ['a PNG image', false, 0, '\x89PNG'],
  ['a JPEG image', false, 0, '\xff\xd8\xff'],
  ['a Mac resource fork (AppleDouble)', false, 0, '\x00\x05\x16\x07'],
  ['a Git LFS pointer (run "git lfs pull")', false, 0, 'version https://git-lfs'],
]

function riffKind(bytes: Uint8Array): FileKind {
  if (startsWith(bytes, 8, 'WAVE')) return { name: 'WAV', sound: true }
  if (startsWith(bytes, 8, 'AVI ')) return { name: 'AVI video (.avi)', sound: true }
  return { name: 'a RIFF file without sound', sound: false }
}

function oggName(bytes: Uint8Array): string {
  const head = Buffer.from(bytes.subarray(0, 80)).toString('latin1')
  if (head.includes('OpusHead')) return 'Ogg Opus (.opus)'
  if (head.includes('vorbis')) return 'Ogg Vorbis (.ogg)'
  if (head.includes('\x7fFLAC')) return 'Ogg FLAC (.oga)'
  if (head.includes('Speex')) return 'Ogg Speex (.spx)'
  return ogg
}

function startsWith(bytes: Uint8Array, offset: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    if (bytes[offset + i] !== text.charCodeAt(i)) return false
  }
  return true
}

/** A byte-order mark, then letters every other byte of which is 0 at least once. */
function isUtf16(head: Uint8Array): boolean {
  const little = head[0] === 0xff && head[1] === 0xfe
  if (!little && !(head[0] === 0xfe && head[1] === 0xff)) return false
  return head.subarray(2, 64).some((byte, i) => byte === 0 && i % 2 === (little ? 1 : 0))
}

function isText(head: Uint8Array): boolean {
  return head.every((byte) => byte >= 32 || byte === 9 || byte === 10 || byte === 13)
}
