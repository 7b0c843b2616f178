import type { PostUpdate } from '../../domain/channel.ts'
import { cardFacts, recordCard } from '../../store/approvals/cards.ts'
import { rolloutOf } from '../../store/rollouts/rollouts.ts'
import { postOnce } from '../post-once.ts'
import type { RolloutRef } from '../rollout-contract.ts'
import { cardOf, cardText } from './card.ts'
import { type PeopleDeps, placeOf } from './place.ts'
import { tellRefused } from './tell-refused.ts'

/** Draws the visible card of a rollout anew, if there is one. Repeating it changes nothing. */
export async function redrawCard(deps: PeopleDeps, { bot, version }: RolloutRef): Promise<void> {
  const place = placeOf(deps, bot)
  const facts = await cardFacts(deps.db, { bot, version })
  const id = facts?.rollout.card?.platformId
  if (place === undefined || facts === undefined || id === undefined) return
  const person = facts.decision?.slackUser
  const update: PostUpdate = {
    id,
    address: place.address,
    text: cardText(facts, deps.pageAt),
    card: cardOf(facts, deps.pageAt),
    ...(person !== undefined && { person }),
  }
  await place.channel.update(update)
  await recordCard(deps.db, { bot, version, postId: id, evidenceId: facts.evidence.id })
}

/** Posts the card of a rollout, once. What it shows is what is known now. */
async function postCard(deps: PeopleDeps, { bot, version }: RolloutRef): Promise<void> {
  const place = placeOf(deps, bot)
  const facts = await cardFacts(deps.db, { bot, version })
  if (place === undefined || facts === undefined) return
  const posted = await postOnce(deps, {
    key: `card:${bot}:${version}`,
    messageId: undefined,
    kind: 'card',
    text: cardText(facts, deps.pageAt),
    address: place.address,
    card: cardOf(facts, deps.pageAt),
    channel: place.channel,
  })
  // Where Slack will never take it, the page is there.
  if (posted.kind !== 'sent') return
  await recordCard(deps.db, {
    bot,
    version,
    postId: posted.platformId,
    evidenceId: facts.evidence.id,
  })
  // An earlier attempt has posted it, and may have shown older evidence.
  if (posted.row.platformId !== undefined) await redrawCard(deps, { bot, version })
}

/** `showCard`: one card per rollout, posted once and drawn anew ever after; and whoever was refused is told. */
export const createShowCard =
  (deps: PeopleDeps) =>
  async ({ bot, version }: RolloutRef & { readonly evidenceId: string }): Promise<void> => {
    const rollout = await rolloutOf(deps.db, { bot, version })
    if (rollout === undefined) return
    if (rollout.card === undefined) await postCard(deps, { bot, version })
    else await redrawCard(deps, { bot, version })
    await tellRefused(deps, { bot, version })
  }
