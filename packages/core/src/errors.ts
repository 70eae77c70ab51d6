/**
 * Something the user can mend: a file, a name, a setting. The command line prints its message alone;
 * any other error is a defect and keeps its stack.
 */
export class InputError extends Error {
  override readonly name = 'InputError'
}
