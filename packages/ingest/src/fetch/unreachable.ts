import { InputError } from '@serflow/core'

/** A server that could not be reached at all: no byte of an answer came. */
export class UnreachableError extends InputError {
  /** Whether another try in a moment may go better. */
  readonly passing: boolean

  constructor(message: string, options: { passing: boolean }) {
    super(message)
    this.passing = options.passing
  }
}
