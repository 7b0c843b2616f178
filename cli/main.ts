import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CommanderError } from 'commander'
import { configOfThisProcess } from '../infra/config.ts'
import { CommandFailed, exitCodes, WrongUse } from './failure.ts'
import { createProgram, projectWords } from './program.ts'
import { createTerminal, harmless } from './terminal.ts'

/** The command was built into `dist/` of the repository. */
const repositoryRoot = fileURLToPath(new URL('../..', import.meta.url))
const terminal = createTerminal(process.stdout, process.stderr)

function config(): ReturnType<typeof configOfThisProcess> {
  try {
    return configOfThisProcess()
  } catch (error) {
    const message = error instanceof Error ? error.message : 'the configuration cannot be read'
    throw new CommandFailed(message, 'Correct the variables, here or in .env.', { cause: error })
  }
}

/** As `npm start` finds it: relative to the repository, whatever folder the command is typed in. */
const homeOf = (): string => resolve(repositoryRoot, config().home)
const portOf = (): number => config().port

/** What went wrong, what to do about it, and the exit code. */
interface Told {
  readonly code: number
  readonly error: string
  readonly next: string
}

function toldOf(error: unknown, words: readonly string[]): Told {
  if (error instanceof WrongUse) return { code: exitCodes.wrongUse, error: error.message, next: error.next }
  if (error instanceof CommandFailed) return { code: exitCodes.failed, error: error.message, next: error.next }
  if (error instanceof CommanderError) {
    const [word = ''] = words
    const next = `Help: understudy ${word.startsWith('-') ? '' : `${word} `}--help`
    return { code: exitCodes.wrongUse, error: error.message.replace(/^error: /, ''), next }
  }
  const name = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return {
    code: exitCodes.failed,
    error: `Something went wrong in this command (${name}).`,
    next: 'Run `understudy doctor`.',
  }
}

function tell({ code, error, next }: Told, json: boolean): number {
  terminal.progress(undefined)
  if (json) terminal.json({ error, next })
  terminal.note(harmless(error, { keepLines: true }))
  if (next !== '') terminal.note(next)
  return code
}

const isHelp = (error: unknown) => error instanceof CommanderError && error.exitCode === 0

async function main(words: readonly string[]): Promise<number> {
  let code: number = exitCodes.done
  const interrupt = new AbortController()
  const finish = (found: number) => void (code = found)
  const program = createProgram({ terminal, homeOf, portOf, interrupted: interrupt.signal, finish })
  const [word] = words
  if (word === undefined) {
    terminal.note(program.helpInformation())
    return exitCodes.wrongUse
  }
  const names = [...projectWords, ...program.commands.map((command) => command.name())]
  if (!word.startsWith('-') && word !== 'help' && !names.includes(word))
    return tell(
      { code: exitCodes.wrongUse, error: `There is no command ${word}.`, next: `Commands: ${names.join(', ')}` },
      false,
    )
  // Both the terminal and the parent may say it; a command that must tidy up hears it once.
  process.on('SIGINT', () => interrupt.abort())
  interrupt.signal.addEventListener('abort', () => terminal.progress(undefined))
  try {
    await program.parseAsync(words, { from: 'user' })
    return code
  } catch (error) {
    return isHelp(error) ? exitCodes.done : tell(toldOf(error, words), words.includes('--json'))
  }
}

process.exitCode = await main(process.argv.slice(2))
