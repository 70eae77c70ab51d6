import { gradients } from './gradients/index.js'
import { rules } from './kernels/index.js'

/**
 * Says what a function may not use, and where it did: TensorFlow.js itself names only the kernel or gradient that it
 * did not find.
 *
 * @param error what tracing a function threw
 * @returns an error that names the operation, the line of the caller's code and what there is; others as they are
 */
export function explained(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const kernel = /^Kernel '(\w+)' not registered/.exec(error.message)?.[1]
  if (kernel !== undefined) {
    const known = names(rules)
    return new Error(
      `trace: ${operation(kernel, error)} cannot be traced; express it with other kernels: ${known}`,
      { cause: error },
    )
  }
  const slope = /gradient function not found for (\w+)/.exec(error.message)?.[1]
  if (slope !== undefined) {
    const known = names(gradients)
    return new Error(
      `trace: the kernel ${slope} has no gradient${caller(error)}; keep what is trained apart from it, or express ` +
        `it with kernels that have one: ${known}`,
      { cause: error },
    )
  }
  return error
}

/** Records enough of the stack, while `run` runs, for the caller's line to be in it. */
export function withDeepStack<Result>(run: () => Result): Result {
  const before = Error.stackTraceLimit
  Error.stackTraceLimit = Math.max(before, 64)
  try {
    return run()
  } finally {
    Error.stackTraceLimit = before
  }
}

function operation(kernel: string, error: Error): string {
  // The functions of TensorFlow.js have names such as topk__op.
  const functions = frames(error).flatMap((frame) => /\b(\w+?)_?__op\b/.exec(frame)?.[1] ?? [])
  const outermost = functions.at(-1)
  const name = outermost === undefined ? '' : `tf.${outermost}, `
  return `${name}the TensorFlow.js kernel ${kernel}${caller(error)}`
}

function caller(error: Error): string {
  const line = frames(error).find((frame) => !library.test(frame))
  const place = line === undefined ? undefined : /\(?([^()\s]+:\d+:\d+)\)?$/.exec(line)?.[1]
  return place === undefined ? '' : ` (at ${place})`
}

// TensorFlow.js, this package, and Node itself.
const library = /[\\/]@tensorflow[\\/]|[\\/]tfjs-onnx[\\/](?:src|dist)[\\/](?!.*\.test\.)|\(?node:/

function frames(error: Error): string[] {
  return (error.stack ?? '').split('\n').filter((line) => /^\s*at /.test(line))
}

function names(known: readonly { readonly kernelName: string }[]): string {
  return known
    .map(({ kernelName }) => kernelName)
    .sort()
    .join(', ')
}
