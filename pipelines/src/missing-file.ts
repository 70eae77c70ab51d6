/** What is wrong with a listed file that is not there, by its path within the corpus folder. */
export function missingFile(path: string): string {
  return isNotUtf8(path)
    ? `"${path}" cannot be found: its name is not UTF-8; rename it`
    : `"${path}" does not exist; is it a broken link?`
}

/** Names are read as UTF-8; what is not becomes U+FFFD, under which nothing is found. */
export function isNotUtf8(path: string): boolean {
  return path.includes('\ufffd')
}
