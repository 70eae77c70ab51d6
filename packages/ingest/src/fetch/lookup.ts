import { execFile } from 'node:child_process'
import type { LookupAddress } from 'node:dns'
import type { LookupFunction } from 'node:net'

/** Prints what the system knows of a name. */
const program =
  "require('node:dns').lookup(process.argv[1],{all:true},(error,found)=>" +
  'process.stdout.write(JSON.stringify(error?{code:error.code}:{found})))'

/**
 * The system's look-up of a name, in a process of its own. A resolver that never answers holds the process that asked
 * for ten seconds and more, even when it wants to end; this one is let go of after `seconds`.
 */
export function patientLookup(seconds: number): LookupFunction {
  return (name, options, callback) => {
    const settings = { timeout: seconds * 1000, killSignal: 'SIGKILL' } as const
    execFile(process.execPath, ['-e', program, '--', name], settings, (error, stdout) => {
      const { found = [], code } = error ? { code: 'EAI_AGAIN' } : answerOf(stdout)
      const fitting = found.filter(({ family }) => !options.family || family === options.family)
      const [first] = fitting
      if (first === undefined) {
        const message = `no address of ${name}`
        callback(Object.assign(new Error(message), { code: code ?? 'ENOTFOUND' }), '')
      } else if (options.all) callback(null, fitting)
      else callback(null, first.address, first.family)
    })
  }
}

function answerOf(text: string): { found?: readonly LookupAddress[]; code?: string } {
  try {
    return JSON.parse(text) as { found?: readonly LookupAddress[]; code?: string }
  } catch {
    return { code: 'EAI_AGAIN' }
  }
}
