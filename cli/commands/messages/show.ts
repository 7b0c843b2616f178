import type { Command } from 'commander'
import { type CommandContext, type CommandDeps, createCommand, defineRun } from '../../command.ts'
import { findMessage } from '../../find-message.ts'
import { type LogLine, logLines } from '../../show/log-lines.ts'
import { messagePage } from '../../show/message-page.ts'
import { harmless } from '../../terminal.ts'

const clockOf = (time: number) => (time === 0 ? '' : new Date(time).toISOString().slice(11, 23))
const logText = ({ time, process, level, text }: LogLine) => `  ${clockOf(time)} ${process} ${level} ${harmless(text)}`

async function show({ api, logs, terminal, json }: CommandContext, words: string): Promise<undefined> {
  const message = await findMessage(api, words)
  const lines = await logLines(logs, [message.id, message.workflowId])
  if (json) {
    terminal.json({ message, log: lines })
    return
  }
  for (const line of messagePage(message, terminal.paint)) terminal.say(line)
  if (lines.length > 0) terminal.say(`\n${terminal.paint('bold', 'Log')}`)
  for (const line of lines) terminal.say(logText(line))
  if (message.outcome === 'failed' || message.outcome === 'open') terminal.say(`\nnext: understudy retry ${message.id}`)
}

const described = () =>
  createCommand({
    usage: 'show <message>',
    summary: 'One message as a page: its steps, every score, the choice and why, the reply, votes and log lines.',
    examples: [
      'understudy show 7c1e0d52-4b0f-4a0e-9a53-0d4f3a1b2c3d',
      'understudy show answer:fedora-finder:x:1997000000000000123',
      'understudy show https://x.com/somebody/status/1997000000000000123 --json',
    ],
  }).argument('<message>', 'a link, a message id, a prediction or a workflow id')

/** `understudy show` */
export const showCommand = (deps: CommandDeps): Command =>
  defineRun(described(), deps, (context, [words = '']) => show(context, words))
