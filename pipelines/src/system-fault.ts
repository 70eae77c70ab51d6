const otherDisk = 'or name a folder on another disk with --data'
const otherFolder = 'or name another folder with --data'

/** What a user can mend, by the code of the operating system. */
const reasons: Readonly<Record<string, string>> = {
  ENOSPC: `the disk is full; free some room, ${otherDisk}`,
  EDQUOT: `your share of the disk is used up; free some room, ${otherDisk}`,
  EROFS: `the disk may only be read; ${otherDisk.replace('or ', '')}`,
  EACCES: `permission is denied; mend that, ${otherFolder}`,
  EPERM: `permission is denied; mend that, ${otherFolder}`,
  ENOTDIR: `part of this path is a file or a broken link; mend that, ${otherFolder}`,
  EEXIST: `something else is there already; move it away, ${otherFolder}`,
  EMFILE: 'too many files are open at once; use fewer --jobs, or raise the limit (ulimit -n)',
}

/** A refusal of the file system in words, with the path where it is known; undefined for any other error. */
export function systemFault(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) return undefined
  if (error.syscall === 'kill' || String(error.syscall).startsWith('spawn')) return undefined
  const code = String(error.code)
  const reason = reasons[code]
  if (reason === undefined) return undefined
  const path = 'path' in error ? `${String(error.path)}: ` : ''
  return `${path}${reason} (${code})`
}
