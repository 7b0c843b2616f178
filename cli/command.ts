import { Command, InvalidArgumentError } from 'commander'
import { type ApiClient, openApi } from './api-client.ts'
import { connect, type LogFile } from './connection.ts'
import { exitCodes, NothingAnswers } from './failure.ts'
import type { Terminal } from './terminal.ts'

/** What every command is made with. */
export interface CommandDeps {
  readonly terminal: Terminal
  /** The data folder of this machine's instance, absolute; asked only when no API is named. */
  readonly homeOf: () => string
  /** The port that the configuration wants for the API. */
  readonly portOf: () => number
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

type Work = (context: CommandContext, args: readonly string[]) => Promise<number | undefined>

/** What a command does on this machine when no API is named and none answers. */
export type WithoutApi = (why: NothingAnswers, context: Pick<CommandContext, 'terminal' | 'json'>) => Promise<number>

/**
 * Runs `work` when the command is called, with its arguments as they were typed.
 * @param work returns the exit code; nothing means done.
 * @param options.otherwise instead of failing, when nothing runs on this machine.
 */
export function defineRun(
  command: Command,
  deps: CommandDeps,
  work: Work,
  options: { readonly otherwise?: WithoutApi } = {},
): Command {
  const run = async ({ api, token, json }: CommonOptions) => {
    const { terminal, interrupted, homeOf } = deps
    const { logs, ...connection } = await connect({ api, token }, homeOf)
    const context = { terminal, interrupted, json: json === true, api: openApi(connection, interrupted), logs }
    return (await work(context, command.args)) ?? exitCodes.done
  }
  return command.action(async () => {
    const given = command.opts<CommonOptions>()
    const { otherwise } = options
    const code = await run(given).catch((error: unknown) => {
      if (otherwise === undefined || given.api !== undefined || !(error instanceof NothingAnswers)) throw error
      return otherwise(error, { terminal: deps.terminal, json: given.json === true })
    })
    deps.finish(code)
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
