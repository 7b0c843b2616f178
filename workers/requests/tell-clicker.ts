import { postOnce } from '../../activities/post-once.ts'
import type { PeopleDeps } from '../../activities/people/deps.ts'
import type { ReplyAddress } from '../../domain/inbound.ts'

/** Tells a person what became of a click or a command, where they are; once. Elsewhere the page says it. */
export async function tellClicker(
  deps: PeopleDeps,
  said: { readonly id: string; readonly bot: string; readonly address: ReplyAddress; readonly text: string },
): Promise<void> {
  const { id, bot, address, text } = said
  if (!address.kind.startsWith('slack-')) return
  const channel = deps.channelOf(bot, 'slack')
  await postOnce(deps, { key: `said:${id}`, messageId: undefined, kind: 'receipt', text, address, channel })
}
