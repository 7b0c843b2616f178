import type { Command } from 'commander'
import { allRetried, retried } from '../../../api/contract/messages.ts'
import { type CommandContext, type CommandDeps, createCommand, defineRun } from '../../command.ts'
import { exitCodes, WrongUse } from '../../failure.ts'
import { findMessage } from '../../find-message.ts'

interface RetryOptions {
  readonly outcome?: string
  readonly since?: string
}

const both = 'Name one message, or all that failed: understudy retry --outcome failed --since 2h'

async function retryOne({ api, terminal, json }: CommandContext, words: string): Promise<number> {
  const { id } = await findMessage(api, words)
  const again = await api.post(`/api/messages/${id}/retry`, {}, retried)
  if (json) terminal.json(again)
  else terminal.say(`tried again; see: understudy show ${again.id}`)
  return exitCodes.done
}

async function retryAll(
  { api, terminal, json }: CommandContext,
  { outcome, since = '24h' }: RetryOptions,
): Promise<number> {
  if (outcome !== 'failed') throw new WrongUse('Only messages that failed can be tried again together.', both)
  if (!/^[1-9]\d{0,4}[smhd]$/.test(since)) throw new WrongUse(`${since} is no time.`, 'Write it as 90s, 30m, 2h or 7d.')
  const again = await api.post('/api/messages/retry', { outcome, since }, allRetried)
  if (json) terminal.json(again)
  else if (again.count === 0) terminal.say(`No message failed within ${since}.`)
  else terminal.say([`${again.count} tried again:`, ...again.ids.map((id) => `  ${id}`)].join('\n'))
  return exitCodes.done
}

const described = () =>
  createCommand({
    usage: 'retry [message]',
    summary: 'Tries messages again that are open or failed. What was already sent is not sent again.',
    examples: ['understudy retry 7c1e0d52-4b0f-4a0e-9a53-0d4f3a1b2c3d', 'understudy retry --outcome failed --since 2h'],
  })
    .argument('[message]', 'a link, a message id or a workflow id')
    .option('--outcome <outcome>', 'all messages that ended so: failed')
    .option('--since <time>', 'and that were received within this time: 90s, 30m, 2h, 7d (default: 24h)')

/** `understudy retry` */
export function retryCommand(deps: CommandDeps): Command {
  const command = described()
  return defineRun(command, deps, (context, [words]) => {
    const options = command.opts<RetryOptions>()
    const several = options.outcome !== undefined || options.since !== undefined
    if (words === undefined && !several) throw new WrongUse('Which message?', both)
    if (words !== undefined && several) throw new WrongUse('One message, or all that failed?', both)
    return words === undefined ? retryAll(context, options) : retryOne(context, words)
  })
}
