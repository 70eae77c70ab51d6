import { readFileSync } from 'node:fs'
import yargs from 'yargs'
import { InputError } from '@serflow/core'
import type { RunOptions } from './prepared-run.js'
import { systemFault } from './system-fault.js'
import { checkGivenOnce, expectNames, usageError } from './usage-error.js'

const dataOption = {
  type: 'string',
  requiresArg: true,
  describe: "data folder with raw/, cache/ and runs/ (default: the project's data)",
} as const

const runOptions = {
  config: { type: 'string', requiresArg: true, describe: 'YAML file of settings' },
  set: {
    type: 'string',
    array: true,
    nargs: 1,
    describe: 'one setting by its path, such as features.bands=40; may be given several times',
  },
  data: dataOption,
  json: { type: 'boolean', describe: 'for programs: the last line on standard output is JSON' },
} as const

const stageHelp =
  'only this stage or package (ingest, features, model, evaluate, log-mel ...) and what it needs'

/** The serflow command. Parses and calls; each command lives in a module of its own, loaded when it is called. */
export async function main(args: readonly string[]): Promise<number> {
  endQuietly()
  let status = 0
  const parser = yargs([...args])
    .scriptName('serflow')
    .usage('$0 <command>\n\nSpeech emotion recognition as a cached pipeline.')
    .command(
      'run [stage]',
      'run the pipeline, or one stage; what is cached is not run again',
      (command) =>
        command.positional('stage', { type: 'string', describe: stageHelp }).options({
          ...runOptions,
          jobs: {
            type: 'number',
            requiresArg: true,
            describe: 'worker processes (default: one a core)',
          },
          force: { type: 'boolean', describe: 'run the stage again although it is cached' },
          offline: {
            type: 'boolean',
            describe: 'fetch nothing: without recordings use the sample corpus (SERFLOW_OFFLINE=1)',
          },
        }),
      async (given) => {
        const { runCommand } = await import('./run-command.js')
        status = await runCommand(given satisfies RunOptions)
      },
    )
    .command(
      'plan [stage]',
      'show what a run would do, and why, without doing it',
      (command) =>
        command.positional('stage', { type: 'string', describe: stageHelp }).options(runOptions),
      async (given) => {
        const { planCommand } = await import('./run-command.js')
        status = await planCommand(given satisfies RunOptions)
      },
    )
    .command(
      'predict <files..>',
      'print the emotion of recordings, one line of JSON a file',
      (command) =>
        command
          .positional('files', {
            type: 'string',
            array: true,
            demandOption: true,
            describe: 'sound files',
          })
          .options({
            model: {
              type: 'string',
              requiresArg: true,
              describe:
                'model.onnx of a run (default: that of the RAVDESS run, or of the only run there is)',
            },
            data: dataOption,
          })
          .epilogue(
            'Up to 15 s a recording is one window; longer ones are answered window by window as well.\n' +
              'Models trained on RAVDESS inherit its licence, CC BY-NC-SA 4.0: not for commercial use.',
          ),
      async ({ files, model, data }) => {
        const { predictCommand } = await import('./predict-command.js')
        status = await predictCommand({ files, model, data })
      },
    )
    .command(
      'show <file>',
      'draw a recording as the network sees it: waveform, log-mels with their slopes, segments',
      (command) =>
        command
          .positional('file', { type: 'string', demandOption: true, describe: 'a sound file' })
          .options({
            out: {
              type: 'string',
              requiresArg: true,
              describe: 'picture, .svg or .png (default: <file>.svg in this folder)',
            },
            start: { type: 'number', requiresArg: true, describe: 'seconds (default: 0)' },
            end: { type: 'number', requiresArg: true, describe: 'seconds (default: the end)' },
            preset: {
              type: 'string',
              requiresArg: true,
              describe: 'front end: paper, librosa or seed (default: paper)',
            },
            config: runOptions.config,
            set: { ...runOptions.set, describe: 'one setting, such as features.bands=40' },
          })
          .epilogue('A picture shows up to 120 s. Beyond 15 s it shows windows, as predict does.'),
      async (given) => {
        const { showCommand } = await import('./show-command.js')
        status = await showCommand(given)
      },
    )
    .command(
      'fetch <corpus>',
      'fetch a corpus from its publisher into data/raw: ravdess, ravdess-song or emodb',
      (command) =>
        command
          .positional('corpus', { type: 'string', demandOption: true, describe: 'which' })
          .options({
            data: dataOption,
            from: {
              type: 'string',
              requiresArg: true,
              describe: 'another address, or an archive on this disk; held to the same sums',
            },
            timeout: {
              type: 'number',
              requiresArg: true,
              describe: 'seconds to wait for an answer (default: 10)',
            },
          })
          .epilogue(
            'What is cut is gone on with by the same command. Proxies: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY.\n' +
              'RAVDESS is CC BY-NC-SA 4.0, EMO-DB is CC BY 4.0.',
          ),
      async ({ corpus, data, from, timeout }) => {
        const { fetchCommand } = await import('./fetch-command.js')
        status = await fetchCommand({ corpus, data, from, timeout })
      },
    )
    .command(
      'doctor',
      'say which backends are there or why not, and what else a run needs',
      (command) =>
        command.options({
          backend: { type: 'string', requiresArg: true, describe: 'look for this one alone' },
          data: dataOption,
          json: { type: 'boolean', describe: 'for programs: one line of JSON' },
        }),
      async (given) => {
        const { doctorCommand } = await import('./doctor-command.js')
        status = await doctorCommand(given)
      },
    )
    .command(
      'inspect <path>',
      'say what a folder of recordings, or one sound file, holds and what is odd about it',
      (command) =>
        command
          .positional('path', { type: 'string', demandOption: true, describe: 'folder or file' })
          .options({
            kind: {
              type: 'string',
              requiresArg: true,
              describe: 'which reader, such as ravdess (default: the one that knows most files)',
            },
            config: {
              ...runOptions.config,
              describe: 'YAML file of settings, of which those of the corpus are used',
            },
            set: {
              ...runOptions.set,
              describe: 'a setting of the corpus, such as corpus.columns.speaker=actor',
            },
            json: { type: 'boolean', describe: 'all of it as one line of JSON' },
            html: { type: 'string', requiresArg: true, describe: 'also write it as a page' },
            jobs: {
              type: 'number',
              requiresArg: true,
              describe: 'reading threads (default: one a core)',
            },
          }),
      async ({ path, kind, config, set, json, html, jobs }) => {
        const { inspectCommand } = await import('./inspect-command.js')
        status = await inspectCommand({ path, kind, config, set, json, html, jobs })
      },
    )
    .command('cache', 'look at the store of results, or tidy it', (command) =>
      command
        .command(
          'list',
          'what is stored, by stage',
          (inner) => inner.options({ data: dataOption }),
          async ({ data }) => {
            const { cacheListCommand } = await import('./cache-command.js')
            status = await cacheListCommand(data)
          },
        )
        .command(
          'gc',
          "remove what no run's latest results need",
          (inner) =>
            inner.options({
              data: dataOption,
              'dry-run': { type: 'boolean', default: false, describe: 'only say what would go' },
            }),
          async ({ data, dryRun }) => {
            const { cacheGcCommand } = await import('./cache-command.js')
            status = await cacheGcCommand(data, dryRun)
          },
        )
        .demandCommand(1, 'expected "cache list" or "cache gc"'),
    )
    .demandCommand(
      1,
      'expected a command: run, plan, predict, show, fetch, inspect, doctor or cache',
    )
    .strict()
    .check(checkGivenOnce)
    .check(() => expectNames(args))
    .help()
    .version(ownVersion())
    .wrap(Math.min(100, process.stdout.columns ?? 100))
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new InputError(usageError(message, args))
    })

  try {
    await parser.parseAsync()
    return status
  } catch (error) {
    // Bundles carry their own copy of a class, so the name decides; yargs has a kind for an option without its value.
    const message =
      error instanceof Error && error.name === 'InputError'
        ? error.message
        : error instanceof Error && error.name === 'YError'
          ? usageError(error.message, args)
          : undefined
    if (message !== undefined) {
      process.stderr.write(`${message}\n`)
      return 2
    }
    const refused = systemFault(error)
    if (refused === undefined) throw error
    process.stderr.write(`${refused}\n`)
    return 1
  }
}

function ownVersion(): string {
  const manifest = new URL('../package.json', import.meta.url)
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version
}

/** A reader such as `head` may have had enough before the end; and a terminal that is gone ends no run. */
function endQuietly(): void {
  process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') process.exit(0)
    process.stderr.write(`standard output cannot be written (${code ?? message})\n`)
    process.exit(1)
  })
  process.stderr.on('error', () => undefined)
}
