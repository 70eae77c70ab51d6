import { lengthOf, type Decoded, type Decoder } from './decoder.js'
import { oggPages, type OggPage } from './ogg-pages.js'

/** A decoder of one logical stream of an Ogg file, from its first page to its last. */
export interface OggStream {
  page(page: OggPage): readonly Decoded[]
  /** What was lost, where the stream itself can tell. */
  notes?(): readonly string[]
  close(): void
}

/** Opens the stream that begins with a page; undefined where it is of another kind. */
export type OpenStream = (first: OggPage) => Promise<OggStream> | undefined

/**
 * The sound of an Ogg file. Streams that follow each other (a recorded broadcast) are one sound, whatever their codecs;
 * of streams side by side the first one that fits is taken. Pages with a wrong check sum are left out, so that a decoder
 * sees none. A stream that cannot be read is left out with a note that says how much it is.
 *
 * @param ways to open a stream, tried in their order
 */
export function openOgg(ways: readonly OpenStream[]): Decoder {
  const pages = oggPages()
  let link: Link | undefined
  let leftOut: LeftOut | undefined
  const allLeftOut: LeftOut[] = []
  /** First pages stand together: whether the page before was one, and whether none of them has been opened. */
  let among = false
  let wanted = false
  const serials = new Set<number>()
  const failures: unknown[] = []
  const streamNotes: string[] = []
  let position = 0
  let size = 0
  let gaps = 0
  let whole = true

  async function take(page: OggPage): Promise<readonly Decoded[]> {
    size += page.bytes.length
    if (page.first) {
      wanted ||= !among
      if (wanted) await begin(page)
      serials.add(page.serial)
    }
    among = page.first
    if (link?.serial === page.serial && !link.ended) return decode(link, page)
    if (link?.ended && !page.first && (link.serial === page.serial || !serials.has(page.serial))) {
      // Its first page is lost.
      leftOut ??= { name: 'data of an unknown kind', position, bytes: 0 }
    }
    if (leftOut && !page.first) leftOut.bytes += page.bytes.length
    return []
  }

  async function begin(page: OggPage): Promise<void> {
    try {
      for (const way of ways) {
        const stream = await way(page)
        if (!stream) continue
        finish()
        link = newLink(stream, page, position)
        wanted = false
        return
      }
    } catch (error) {
      failures.push(error)
    }
    leftOut ??= { name: nameOf(page), position, bytes: 0 }
  }

  function decode(current: Link, page: OggPage): readonly Decoded[] {
    if (page.sequence !== current.sequence) gaps++
    current.sequence = page.sequence + 1
    current.ended = page.last
    current.granule = page.granule ?? current.granule
    if (!page.first) current.bytes += page.bytes.length
    try {
      const decoded = current.stream.page(page)
      position += lengthOf(decoded)
      return decoded
    } catch (error) {
      failures.push(error)
      current.ended = true
      leftOut = { name: current.name, position, bytes: page.bytes.length }
      return []
    }
  }

  function finish(): void {
    if (link) {
      whole &&= link.ended
      streamNotes.push(...(link.stream.notes?.() ?? []))
      link.stream.close()
      const isSilent = position === link.position && link.granule > 0
      if (isSilent && !leftOut) allLeftOut.push(link)
    }
    link = undefined
    // Without pages behind its first one it stands beside the stream that is read.
    if (leftOut && leftOut.bytes > 0) allLeftOut.push(leftOut)
    leftOut = undefined
  }
  return {
    async *decode(bytes) {
      for (const page of pages.push(bytes)) yield* await take(page)
    },
    flush() {
      finish()
      if (position === 0 && failures.length > 0) throw failures[0]
      return []
    },
    notes() {
      const notes = [...streamNotes, ...allLeftOut.map((each) => leftOutNote(each, size))]
      const isDamaged = gaps > 0 || pages.lost().bytes > 0
      if (isDamaged && streamNotes.length === 0) {
        notes.unshift('damaged: some of its pages could not be read')
      }
      if (!isDamaged && !whole) notes.push('truncated: its last page is missing')
      return notes
    },
    close: () => link?.stream.close(),
  }
}

/** What stands in the place of sound and is not read. */
interface LeftOut {
  readonly name: string
  /** Samples of the file before it. */
  readonly position: number
  /** Of its pages but the first. */
  bytes: number
}

/** The stream that is read. */
interface Link extends LeftOut {
  readonly stream: OggStream
  readonly serial: number
  /** Of the page that should come next. */
  sequence: number
  /** The last one that is known. */
  granule: number
  ended: boolean
}

function newLink(stream: OggStream, page: OggPage, position: number): Link {
  const { serial, sequence } = page
  return {
    stream,
    name: nameOf(page),
    serial,
    sequence,
    position,
    bytes: 0,
    granule: 0,
    ended: false,
  }
}

function leftOutNote({ name, position, bytes }: LeftOut, size: number): string {
  return `left out: ${bytes} of its ${size} bytes, ${name} from sample ${position} on, could not be decoded`
}

/** How the first packet of a stream begins. */
const codecs = [
  ['\x01vorbis', 'Ogg Vorbis'],
  ['OpusHead', 'Ogg Opus'],
  ['\x7fFLAC', 'Ogg FLAC'],
  ['Speex', 'Ogg Speex'],
  ['\x80theora', 'Ogg Theora'],
] as const

function nameOf({ pieces }: OggPage): string {
  const head = String.fromCharCode(...(pieces[0] ?? []).slice(0, 8))
  return codecs.find(([magic]) => head.startsWith(magic))?.[1] ?? 'data of an unknown kind'
}
