/** An archive that a corpus's authors publish, as it was when its sums were taken. */
export interface Archive {
  /** What the command calls it, and the name of its folder below data/raw. */
  readonly corpus: string
  readonly title: string
  readonly url: string
  /** Name of the file, for people who fetched it by hand. */
  readonly fileName: string
  readonly bytes: number
  /** In hexadecimal. */
  readonly md5: string
  /** In hexadecimal; undefined where nobody has published it. */
  readonly sha256?: string
  /** Recordings in it. */
  readonly recordings: number
  /** Bytes of all its files once unpacked: known, or a little more than can be. */
  readonly unpackedBytes: number
  readonly licence: string
  /** Page of the publisher. */
  readonly page: string
}

/**
 * What can be fetched. Sizes and sums are those of the publisher's file table; the unpacked size of RAVDESS speech is
 * the sum over its 1440 files, of the others an upper estimate from their lengths.
 *
 * @see https://zenodo.org/records/1188976 and https://zenodo.org/records/7447302
 */
export const archives: readonly Archive[] = [
  {
    corpus: 'ravdess',
    title: 'RAVDESS speech',
    url: 'https://zenodo.org/records/1188976/files/Audio_Speech_Actors_01-24.zip?download=1',
    fileName: 'Audio_Speech_Actors_01-24.zip',
    bytes: 208_468_073,
    md5: 'bc696df654c87fed845eb13823edef8a',
    sha256: '5d208e01632cc3e5242106fa2af3273e6dc5239fb8143131979ac74c4aa40657',
    recordings: 1440,
    unpackedBytes: 590_349_330,
    licence: 'CC BY-NC-SA 4.0',
    page: 'https://zenodo.org/records/1188976',
  },
  {
    corpus: 'ravdess-song',
    title: 'RAVDESS song',
    url: 'https://zenodo.org/records/1188976/files/Audio_Song_Actors_01-24.zip?download=1',
    fileName: 'Audio_Song_Actors_01-24.zip',
    bytes: 225_505_317,
    md5: '5411230427d67a21e18aa4d466e6d1b9',
    sha256: '89f3df66cc67ebb70c8af6f72f3f359bee497f6f763a9d863b6477619716d428',
    recordings: 1012,
    unpackedBytes: 640_000_000,
    licence: 'CC BY-NC-SA 4.0',
    page: 'https://zenodo.org/records/1188976',
  },
  {
    corpus: 'emodb',
    title: 'Berlin Database of Emotional Speech (EMO-DB), version 1.3.0',
    url: 'https://zenodo.org/records/7447302/files/emodb.zip?download=1',
    fileName: 'emodb.zip',
    bytes: 39_981_818,
    md5: '9d21362dbc5676ef3ab4745d83ced0db',
    recordings: 535,
    unpackedBytes: 60_000_000,
    licence: 'CC BY 4.0',
    page: 'https://zenodo.org/records/7447302',
  },
]
