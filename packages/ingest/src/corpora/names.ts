/**
 * A label, a speaker or another name as it is seen: in Unicode's composed form (NFC), without characters that nobody
 * sees (zero-width ones, marks of direction, soft hyphens, byte order marks, controls), blanks of any kind as one
 * space, none at the ends. Names that look the same would else be two classes, or one person on both sides of a fold.
 *
 * @see Unicode Standard Annex 44, Default_Ignorable_Code_Point
 */
export function plainName(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\s\p{Z}]+/gu, ' ')
    .replace(/[\p{Default_Ignorable_Code_Point}\p{Cc}]/gu, '')
    .normalize('NFC')
    .replace(/ {2,}/g, ' ')
    .trim()
}
