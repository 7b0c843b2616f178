import type { Bot } from '../../domain/bot.ts'
import { replyKey } from '../../domain/keys.ts'
import { matchedText, matchedWithText } from '../../domain/words/match-text.ts'
import type { PlacedChoice } from '../../domain/words/reply-text.ts'
import { saveChoices } from '../../store/messages/choices.ts'
import { messageById } from '../../store/messages/messages.ts'
import { meetSomebody, type Profile } from '../../store/people/profiles.ts'
import type { MessageRef, Replied } from '../contract.ts'
import { postOnce, type PostDeps } from '../post-once.ts'

/** How a person of the platform is named to another: by a mention that the platform turns into their name. */
const nameOf = (bot: Bot, partner: Profile): string =>
  partner.name !== '' || partner.address?.kind !== 'slack-ephemeral' ? partner.name || bot.name : ''

/**
 * `introduce`: keeps what a person was classed as, finds the partner, and tells both. Telling the partner is a courtesy: one
 * who cannot be told does not keep the other from being told.
 */
export const createIntroduce =
  (deps: PostDeps) =>
  async ({
    messageId,
    choices: placed,
  }: MessageRef & { readonly choices: readonly PlacedChoice[] }): Promise<Replied> => {
    const stored = await messageById(deps.db, messageId)
    const { bot: name, channel: channelName, address, authorId } = stored.message
    const bot = deps.botOf(name)
    const channel = deps.channelOf(name, channelName)
    const [first] = placed
    if (first === undefined) throw new TypeError('a profile has one picture')
    const { label, confidence } = first.choice
    await saveChoices(deps.db, messageId, placed)
    const partner = await meetSomebody(deps.db, { id: messageId, bot: name, label, confidence })
    const posted = await postOnce(deps, {
      key: replyKey(stored.workflowId),
      messageId,
      kind: 'choice',
      text: matchedText({ label, confidence, partner: partner && { ...partner, name: nameOf(bot, partner) } }, bot),
      address,
      ...(partner?.address?.kind === 'slack-ephemeral' && { person: partner.address.userId }),
      channel,
      ends: { outcome: 'answered' },
    })
    if (partner?.address)
      await postOnce(deps, {
        key: `${stored.workflowId}:partner`,
        messageId,
        kind: 'notice',
        text: matchedWithText({ label }, bot),
        address: partner.address,
        person: authorId,
        channel,
      })
    return posted.kind === 'sent'
      ? { kind: 'sent', replyId: posted.platformId, outcome: 'answered' }
      : { kind: posted.kind, reason: posted.reason, outcome: posted.kind === 'undeliverable' ? 'failed' : 'answered' }
  }
