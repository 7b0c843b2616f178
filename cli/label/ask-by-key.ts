import { type BlindQuestion, blindLabelTaken } from '../../api/contract/questions.ts'
import type { CommandContext } from '../command.ts'
import { ApiRefused } from '../failure.ts'
import type { Keys } from '../keys.ts'
import { harmless } from '../terminal.ts'

/** Without S, U and Q, which mean something else here. */
const letters = 'a b c d e f g h i j k l m n o p r t v w x y z'.split(' ')
const labelKeys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', ...letters]

/** What was asked about, as one line. */
export const inputText = ({ input }: BlindQuestion): string => {
  if (input === null) return '(the message is gone)'
  if (input.kind === 'text') return harmless(input.text)
  return input.shown
    ? `picture ${input.sha256.slice(0, 12)}: look at it on the page Label`
    : '(a picture that is not shown)'
}

/** The label that a key means; null: "can't tell"; `undefined`: nothing. */
function labelAt({ labels }: BlindQuestion, key: string): string | null | undefined {
  if (key === '0') return null
  const index = labelKeys.indexOf(key)
  return index < 0 ? undefined : labels[index]?.id
}

export const pathOf = ({ id }: Pick<BlindQuestion, 'id'>): string => `/api/labels/${encodeURIComponent(id)}`

type Told = Pick<CommandContext, 'api' | 'terminal'>

/** Does it; what has been settled meanwhile is said instead of ending the command. @returns whether it was done. */
async function doneUnlessSettled({ terminal }: Pick<Told, 'terminal'>, work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    if (!(error instanceof ApiRefused) || error.status !== 409) throw error
    terminal.say(`  ${error.message}`)
    return false
  }
}

function show({ terminal }: Pick<Told, 'terminal'>, question: BlindQuestion): void {
  const choices = question.labels.map(({ words }, index) => `${labelKeys[index] ?? '-'} ${harmless(words)}`)
  terminal.say(`\n${inputText(question)}`)
  terminal.say(`  ${[...choices, "0 can't tell", 's skip', 'u undo', 'q quit'].join('   ')}`)
}

interface Asking {
  readonly keys: Pick<Keys, 'next'>
  /** The questions that are open for this person now; some at a time. */
  readonly load: () => Promise<readonly BlindQuestion[]>
}

/** One key per label, until nothing is left to ask or the person stops. */
export async function askByKey(told: Told, { keys, load }: Asking): Promise<void> {
  const { api, terminal } = told
  const passed = new Set<string>()
  let left: readonly BlindQuestion[] = []
  let before: BlindQuestion | undefined
  for (;;) {
    if (left.length === 0) left = (await load()).filter(({ id }) => !passed.has(id))
    const [question, ...others] = left
    if (question === undefined) break
    show(told, question)
    const key = await keys.next()
    if (key === undefined || key === 'q') return
    const label = labelAt(question, key)
    const last = before
    if (key === 'u' && last !== undefined) {
      if (await doneUnlessSettled(told, () => api.delete(pathOf(last)))) left = [last, ...left]
      before = undefined
    } else if (key === 's' || label !== undefined) {
      const isKept =
        key !== 's' && (await doneUnlessSettled(told, () => api.post(pathOf(question), { label }, blindLabelTaken)))
      if (isKept) before = question
      passed.add(question.id)
      left = others
    }
  }
  terminal.say('\nNo other question is open for you.')
}
