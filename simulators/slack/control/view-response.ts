import { SlackError } from '../web-api/call.ts'
import { contentFrom, newHash, newViewId } from '../web-api/views.ts'
import type { View } from '../state/workspace.ts'
import type { World } from '../world.ts'

/** What became of a modal that was sent off. */
export interface Result {
  readonly closed: boolean
  /** What the person is told, by block id. */
  readonly errors?: Readonly<Record<string, string>>
  /** What the person is told about the whole. */
  readonly error?: string
}

type Response = Readonly<Record<string, unknown>>

function errorsIn(response: Response): Readonly<Record<string, string>> {
  const { errors } = response
  if (typeof errors !== 'object' || errors === null) return {}
  return Object.fromEntries(Object.entries(errors).map(([block, text]) => [block, String(text)]))
}

async function show(world: World, view: View, response: Response): Promise<Result> {
  const made = { bot: view.bot, hash: newHash(), view: contentFrom(response['view']) }
  if (response['response_action'] === 'update')
    await world.ledger.record({ method: 'view_ack.update', id: view.id, ...made })
  else
    await world.ledger.record({
      ...{ method: 'view_ack.push', id: newViewId(), user: view.user, previous: view.id },
      ...made,
    })
  return { closed: false }
}

/**
 * Does what the body of the acknowledgement says: `errors`, `update`, `push`, `clear`; anything else closes the modal
 * [/surfaces/modals#handling_submissions].
 */
export async function applyResponse(world: World, view: View, response: Response): Promise<Result> {
  const action = response['response_action']
  if (action === 'errors') return { closed: false, errors: errorsIn(response) }
  if (action === 'update' || action === 'push')
    try {
      return await show(world, view, response)
    } catch (error) {
      if (!(error instanceof SlackError)) throw error
      return { closed: false, error: 'We had some trouble connecting. Try again?' }
    }
  const all = action === 'clear' || view.content.clear_on_close
  await world.ledger.record({ method: 'view_ack.close', id: view.id, bot: view.bot, all })
  return { closed: true }
}
