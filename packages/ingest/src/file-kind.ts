import { isMpegHeader } from './decoders/mp3-header.js'

/** What a file is, told from its bytes. */
export interface FileKind {
  /** In words, e.g. `MP3 (.mp3)` or `text`. */
  readonly name: string
  /** Whether a converter such as ffmpeg can make WAV of it. */
  readonly sound: boolean
}

/**
 * What a file is, told from its first bytes, best 1024 of them; the name is no evidence.
 *
 * @see https://en.wikipedia.org/wiki/List_of_file_signatures
 */
export function fileKind(bytes: Uint8Array): FileKind {
  const found = signatures.find(([, , offset, text]) => startsWith(bytes, offset, text))
  if (found) {
    const [name, sound] = found
    if (name === riff) return riffKind(bytes)
    if (name === iff) return iffKind(bytes)
    if (name === ogg) return { name: oggName(bytes), sound }
    return { name, sound }
  }
  // UTF-16 begins with the same byte as MPEG audio.
  if (isUtf16(bytes.subarray(0, 512))) return { name: 'text', sound: false }
  if (isMpegHeader(bytes)) return { name: 'MP3 (.mp3)', sound: true }
  if (isAdts(bytes)) return { name: 'AAC (.aac)', sound: true }
  if (isTransportStream(bytes)) return { name: 'MPEG transport stream (.ts)', sound: true }
  const head = bytes.subarray(0, 512)
  if (head.every((byte) => byte === 0)) return { name: 'zero bytes only', sound: false }
  if (isText(head)) return { name: isWebPage(head) ? 'a web page (HTML)' : 'text', sound: false }
  return { name: 'data of an unknown kind', sound: false }
}

/** Whether a file begins with nothing that tells its kind for sure, so that sound may come behind. */
export function isVague({ name }: FileKind): boolean {
  return ['zero bytes only', 'text', 'data of an unknown kind'].includes(name)
}

const riff = 'RIFF'
const ogg = 'Ogg (.ogg)'
const iff = 'IFF'

/** Name, whether sound, offset, bytes as Latin-1 text; the first that fits counts. */
const signatures: readonly (readonly [string, boolean, number, string])[] = [
  [riff, true, 0, 'RIFF'],
  [riff, true, 0, 'RF64'],
  [riff, true, 0, 'BW64'],
  ['WAV in big-endian order (RIFX)', true, 0, 'RIFX'],
  ['Sony Wave64 (.w64)', true, 0, 'riff\x2e\x91\xcf\x11'],
  ['MP3 (.mp3)', true, 0, 'ID3'],
  ['FLAC (.flac)', true, 0, 'fLaC'],
  [ogg, true, 0, 'OggS'],
  ['M4A (.m4a)', true, 4, 'ftypM4A'],
  ['M4B audio book (.m4b)', true, 4, 'ftypM4B'],
  ['QuickTime (.mov)', true, 4, 'ftypqt'],
  ['3GP (.3gp)', true, 4, 'ftyp3g'],
  ['MP4 (.mp4)', true, 4, 'ftyp'],
  // QuickTime from before there was an ftyp.
  ['QuickTime (.mov)', true, 4, 'moov'],
  ['QuickTime (.mov)', true, 4, 'mdat'],
  ['QuickTime (.mov)', true, 4, 'wide'],
  [iff, true, 0, 'FORM'],
  ['Sun audio (.au)', true, 0, '.snd'],
  ['Sun audio in little-endian order', true, 0, 'dns.'],
  ['AMR (.amr)', true, 0, '#!AMR'],
  ['Core Audio (.caf)', true, 0, 'caff'],
  ['NIST SPHERE (.sph)', true, 0, 'NIST_1A'],
  ['WebM or Matroska (.webm, .mkv)', true, 0, '\x1a\x45\xdf\xa3'],
  ['Windows Media (.wma)', true, 0, '\x30\x26\xb2\x75'],
  ['WavPack (.wv)', true, 0, 'wvpk'],
  ["Monkey's Audio (.ape)", true, 0, 'MAC '],
  ['True Audio (.tta)', true, 0, 'TTA1'],
  ['True Audio (.tta)', true, 0, 'TTA2'],
  ['TAK (.tak)', true, 0, 'tBaK'],
  ['Shorten (.shn)', true, 0, 'ajkg'],
  ['Musepack (.mpc)', true, 0, 'MPCK'],
  ['Musepack (.mpc)', true, 0, 'MP+'],
  ['DSD stream (.dsf)', true, 0, 'DSD '],
  ['DSD interchange file (.dff)', true, 0, 'FRM8'],
  ['Creative Voice (.voc)', true, 0, 'Creative Voice File\x1a'],
  ['AC-3 (.ac3)', true, 0, '\x0b\x77'],
  ['DTS (.dts)', true, 0, '\x7f\xfe\x80\x01'],
  ['Flash video (.flv)', true, 0, 'FLV\x01'],
  ['MPEG program stream (.mpg)', true, 0, '\x00\x00\x01\xba'],
  ['RealMedia (.rm)', true, 0, '.RMF'],
  ['RealAudio (.ra)', true, 0, '.ra\xfd'],
  ['Quite OK Audio (.qoa)', true, 0, 'qoaf'],
  ['IRCAM sound (.sf)', true, 0, '\x64\xa3\x01\x00'],
  ['IRCAM sound (.sf)', true, 0, '\x64\xa3\x02\x00'],
  ['IRCAM sound (.sf)', true, 0, '\x00\x01\xa3\x64'],
  ['IRCAM sound (.sf)', true, 0, '\x00\x02\xa3\x64'],
  ['Paris audio (.paf)', true, 0, ' paf'],
  ['Paris audio (.paf)', true, 0, 'fap '],
  ['Portable Voice Format (.pvf)', true, 0, 'PVF1\n'],
  ['Audio Visual Research (.avr)', true, 0, '2BIT'],
  ['a MIDI file, which has notes', false, 0, 'MThd'],
  ['a ZIP archive', false, 0, 'PK\x03\x04'],
  ['a ZIP archive', false, 0, 'PK\x05\x06'],
  ['a gzip archive', false, 0, '\x1f\x8b'],
  ['a bzip2 archive', false, 0, 'BZh'],
  ['an xz archive', false, 0, '\xfd7zXZ\x00'],
  ['a Zstandard archive', false, 0, '\x28\xb5\x2f\xfd'],
  ['a 7-Zip archive', false, 0, '7z\xbc\xaf\x27\x1c'],
  ['a RAR archive', false, 0, 'Rar!\x1a\x07'],
  ['a tar archive', false, 257, 'ustar'],
  ['a NumPy array', false, 0, '\x93NUMPY'],
  ['a MATLAB file', false, 0, 'MATLAB 5.0 MAT-file'],
  ['an HDF5 file', false, 0, '\x89HDF\r\n\x1a\n'],
  ['a GIF image', false, 0, 'GIF8'],
  ['a PDF document', false, 0, '%PDF'],
  ['a PNG image', false, 0, '\x89PNG'],
  ['a JPEG image', false, 0, '\xff\xd8\xff'],
  ['a Mac resource fork (AppleDouble)', false, 0, '\x00\x05\x16\x07'],
  ['a Git LFS pointer (run "git lfs pull")', false, 0, 'version https://git-lfs'],
  ['a git-annex pointer (run "git annex get")', false, 0, '/annex/objects/'],
]

function riffKind(bytes: Uint8Array): FileKind {
  if (startsWith(bytes, 8, 'WAVE')) return { name: 'WAV', sound: true }
  if (startsWith(bytes, 8, 'AVI ')) return { name: 'AVI video (.avi)', sound: true }
  return { name: 'a RIFF file without sound', sound: false }
}

function iffKind(bytes: Uint8Array): FileKind {
  if (startsWith(bytes, 8, 'AIFF')) return { name: 'AIFF (.aiff)', sound: true }
  if (startsWith(bytes, 8, 'AIFC')) return { name: 'AIFF-C (.aifc)', sound: true }
  if (startsWith(bytes, 8, '8SVX')) return { name: 'Amiga sound (.8svx)', sound: true }
  return { name: 'an IFF file without sound', sound: false }
}

/** The first stream of sound: beside it there may be pictures, or a table of the streams. Their first pages stand together. */
function oggName(bytes: Uint8Array): string {
  for (let at = 0; startsWith(bytes, at, 'OggS');) {
    const head = Buffer.from(bytes.subarray(at, at + 80)).toString('latin1')
    const codec = oggCodecs.find(([, text]) => head.includes(text))
    if (codec) return codec[0]
    const isFirstPage = ((bytes[at + 5] ?? 0) & 2) !== 0
    if (!isFirstPage) break
    const start = at + 27 + (bytes[at + 26] ?? 0)
    at = bytes.subarray(at + 27, start).reduce((end, size) => end + size, start)
  }
  return ogg
}

const oggCodecs = [
  ['Ogg Opus (.opus)', 'OpusHead'],
  ['Ogg Vorbis (.ogg)', 'vorbis'],
  ['Ogg FLAC (.oga)', '\x7fFLAC'],
  ['Ogg Speex (.spx)', 'Speex'],
] as const

function startsWith(bytes: Uint8Array, offset: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    if (bytes[offset + i] !== text.charCodeAt(i)) return false
  }
  return true
}

/** AAC in ADTS: a header with layer 0 has twelve set bits, and 13 rates. */
function isAdts([first, second = 0, third = 0]: Uint8Array): boolean {
  return first === 0xff && (second & 0xf6) === 0xf0 && (third & 0x3c) < 0x34
}

/** Packets of 188 bytes, in some recorders with 4 bytes of time before each; every one begins with a G. */
function isTransportStream(bytes: Uint8Array): boolean {
  return [0, 4].some((before) =>
    [0, 1, 2, 3, 4].every((packet) => bytes[before + packet * (188 + before)] === 0x47),
  )
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

function isWebPage(head: Uint8Array): boolean {
  return /^(\xef\xbb\xbf)?\s*(<!doctype html|<html)/i.test(Buffer.from(head).toString('latin1'))
}
