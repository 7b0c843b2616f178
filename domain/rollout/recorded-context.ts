import type { Intent, Subject } from '../inbound.ts'

/** Of what was said earlier in a conversation so many messages are kept, the newest ones. */
export const mostEarlier = 5

/** A message that came before in the same conversation: what models saw of it, and what had been answered by then. */
export interface EarlierMessage {
  readonly message: string
  readonly inputs: readonly { readonly sha256: string; readonly answered: string | null }[]
}

/**
 * What surrounded an input when it was scored. It is written down then: read later it would know answers that nobody had given
 * yet. The words beside a picture are the message's own, which change no more.
 */
export interface RecordedContext {
  readonly intent: Intent
  /** Where its picture was looked for, when the message had none of its own. */
  readonly subject: Subject['kind'] | null
  /** The newest first: of a Slack thread, or of a day's direct messages with a person on X. Public posts have no thread here. */
  readonly earlier: readonly EarlierMessage[]
}
