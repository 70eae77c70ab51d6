/** Names that `fileKind` gives to the formats of plain samples read here. */
export const pcmKinds = ['WAV', 'AIFF (.aiff)', 'AIFF-C (.aifc)', 'Sun audio (.au)'] as const
export type PcmKind = (typeof pcmKinds)[number]

export function isPcmKind(name: string): name is PcmKind {
  return pcmKinds.some((kind) => kind === name)
}
