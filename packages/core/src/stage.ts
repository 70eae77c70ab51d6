import type { z } from 'zod'
import type { ArtefactReader, ArtefactType } from './codecs.js'

/** How an input reaches a stage. The runner reads it; the stage gets the value. */
export type InputType<T> =
  | { readonly kind: 'artefact'; readonly type: ArtefactReader<T> }
  | {
      readonly kind: 'artefacts'
      readonly type: ArtefactReader<T extends readonly (infer Item)[] ? Item : never>
    }
  | { readonly kind: 'files' }
  | { readonly kind: 'value' }
  | { readonly kind: 'lazy' }

/** One artefact of an upstream stage. */
export function one<T>(type: ArtefactReader<T>): InputType<T> {
  return { kind: 'artefact', type }
}

/** One artefact from each of several upstream nodes, in the order the pipeline names them. */
export function many<T>(type: ArtefactReader<T>): InputType<readonly T[]> {
  return { kind: 'artefacts', type } as InputType<readonly T[]>
}

/** A file of the user's, known by its path within the corpus and its digest; read on demand. */
export interface RawFile {
  /** Path within the corpus folder, with forward slashes. */
  readonly path: string
  /** SHA-256 of the bytes, hexadecimal. */
  readonly digest: string
  /** Reads the bytes. */
  read(): Promise<Uint8Array>
  /** Opens it to be read in parts: hours of sound need not be in memory. */
  open(): Promise<OpenFile>
}

/** A file that is read in parts. */
export interface OpenFile {
  readonly size: number
  /** The bytes from start to end, fewer where the file ends before. */
  read(start: number, end: number): Uint8Array
  close(): void
}

/** Files of the user's. */
export const files: InputType<readonly RawFile[]> = { kind: 'files' }

/** A JSON value that the pipeline works out itself. */
export function value<T>(): InputType<T> {
  return { kind: 'value' }
}

/** Read on demand through another package's reader, to which `pipelines` binds it; never stored. */
export function lazy<T>(): InputType<T> {
  return { kind: 'lazy' }
}

/** What a stage is told beside its inputs. */
export interface StageContext {
  /** Which part of the stage this is, such as `{ speaker: '07' }`; empty for a stage of one part. */
  readonly part: Readonly<Record<string, string>>
  /** Tells the user how far the work is, 0..1. Never part of a result. */
  progress(fraction: number): void
}

/**
 * A step of the pipeline: what it reads, what it makes, the settings it may see, and a function. `Stored` is what its
 * artefact is read as, where a stage hands its output over bit by bit.
 */
export interface Stage<Inputs, Output, Config, Stored = Output> {
  /** The stage's name, as in `log-mel[speaker=07]`. */
  readonly name: string
  readonly inputs: { readonly [Name in keyof Inputs]: InputType<Inputs[Name]> }
  readonly output: ArtefactType<Stored, Output>
  readonly config: z.ZodType<Config>
  run(inputs: Inputs, config: Config, context: StageContext): Promise<Output> | Output
}
