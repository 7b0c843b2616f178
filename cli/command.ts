import { Command, InvalidArgumentError } from 'commander'
import { type ApiClient, openApi } from './api-client.ts'
import { connect, type LogFile } from './connection.ts'
import { exitCodes } from './failure.ts'
import type { Terminal } from './terminal.ts'

/** What every command is made with. */
export interface CommandDeps {
  readonly terminal: Terminal
  /** The data folder of this machine's instance, absolute; asked only when no API is named. */
  readonly homeOf: () => string
  /** Aborted when the person presses Ctrl-C. */
  readonly interrupted: AbortSignal
  /** Called with the exit code of a command that ran to its end. */
  readonly finish: (code: number) => void
}

/** What a command works with once the API is found. */
export interface CommandContext {
  readonly terminal: Terminal
  readonly api: ApiClient
  /** The log files of an instance on this machine. */
  readonly logs: readonly LogFile[]
  /** Whether the result is one JSON value on stdout. */
  readonly json: boolean
  readonly interrupted: AbortSignal
}

export interface CommandWords {
  /** As commander reads it: `fix <prediction> <label>`. */
  readonly usage: string
  readonly summary: string
  /** Each is a whole line as a person types it. */
  readonly examples: readonly string[]
}

interface CommonOptions {
  readonly json?: true
  readonly api?: string
  readonly token?: string
}

/** A command with the options that all have; `defineRun` gives it its work. */
export function createCommand({ usage, summary, examples }: CommandWords): Command {
  const [name = ''] = usage.split(' ', 1)
  const command = new Command(name).usage(`${usage.slice(name.length + 1)} [options]`.trim()).description(summary)
  return command
    .option('--json', 'print the result as one JSON value')
    .option('--api <url>', 'the API of another instance (default: the one on this machine)')
    .option('--token <token>', 'what opens that API')
    .addHelpText('after', ['', 'Examples:', ...examples.map((line) => `  ${line}`)].join('\n'))
}

/**
 * Runs `work` when the command is called, with its arguments as they were typed.
 * @param work returns the exit code; nothing means done.
 */
export function defineRun(
  command: Command,
  deps: CommandDeps,
  work: (context: CommandContext, args: readonly string[]) => Promise<number | undefined>,
): Command {
  return command.action(async () => {
    const { api, token, json } = command.opts<CommonOptions>()
    const { terminal, interrupted, homeOf } = deps
    const { logs, ...connection } = await connect({ api, token }, homeOf)
    const context = { terminal, interrupted, json: json === true, api: openApi(connection, interrupted), logs }
    deps.finish((await work(context, command.args)) ?? exitCodes.done)
  })
}

/** An option's number, from `least` to `most`. */
export const numberBetween =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text)
    if (text.trim() === '' || !Number.isFinite(value) || value < least || value > most)
      throw new InvalidArgumentError(`It must be a number from ${least} to ${most}.`)
    return value
  }

/** An option that may be given several times. */
export const collected = (value: string, earlier: readonly string[] = []): readonly string[] => [...earlier, value]
