import type { RolloutEnd } from '../../domain/rollout/rollout.ts'
import { personMark } from '../../domain/words/match-text.ts'
import { madeDecision } from '../../store/approvals/cards.ts'
import { rolloutOf, type StoredRollout } from '../../store/rollouts/rollouts.ts'
import { postOnce } from '../post-once.ts'
import type { RolloutActivities, RolloutRef } from '../rollout-contract.ts'
import { type PeopleDeps, placeOf, type PeoplePlace } from './place.ts'
import { redrawCard } from './show-card.ts'
import { tellRefused } from './tell-refused.ts'

type News = Parameters<RolloutActivities['tellRollout']>[0]['news']

const endings: Readonly<Record<RolloutEnd, (rollout: StoredRollout) => string>> = {
  promoted: ({ version }) => `Version ${version} has baked: it stays live.`,
  rejected: ({ version, champion }) => `Version ${version} was rejected. Version ${champion} goes on answering.`,
  'rolled-back': ({ version, champion, reason = 'no reason is known' }) =>
    `Version ${version} was rolled back: ${reason}. Version ${champion} is answering.`,
  'failed-gates': ({ version, reason = 'a gate failed' }) => `Version ${version} goes no further: ${reason}.`,
  expired: ({ version, champion }) =>
    `Nobody decided on version ${version} in time. Version ${champion} goes on answering.`,
  withdrawn: ({ version, champion, reason = 'a person took it back' }) =>
    `Version ${version} was taken back: ${reason}. Version ${champion} is answering.`,
}

const percent = (share: number): string => `${Math.round(share * 100)} %`

function textOf(rollout: StoredRollout, news: News): string {
  const { bot, version, champion, mode, numbers, step, end } = rollout
  const name = `Version ${version} of ${bot}`
  const share = percent(numbers.canary[step]?.weight ?? 0)
  switch (news) {
    case 'shadow':
      return `${name} is in shadow: it sees what people ask, and answers nobody. It is compared with version ${champion}.`
    case 'canary':
      return `${name} is a canary: it answers ${share} of people and threads.`
    case 'live':
      return `${name} is live ${mode === 'join' ? `beside version ${champion}` : `in the place of version ${champion}`}. It is watched until it has baked.`
    case 'ended':
      return `${bot}: ${end === undefined ? `the rollout of version ${version} is over.` : endings[end](rollout)}`
  }
}

const keyOf = ({ bot, version, step }: StoredRollout, news: News): string =>
  `news:${bot}:${version}:${news}${news === 'canary' ? `:${step}` : ''}`

/** Who let it on stage, where that was said in Slack. */
async function byWhom(deps: PeopleDeps, rollout: StoredRollout, news: News): Promise<string | undefined> {
  if (news !== 'live') return undefined
  return (await madeDecision(deps.db, rollout))?.slackUser
}

/** Posts news of a rollout, once. @returns the platform's id of the post, or `undefined` when Slack will never take it. */
async function postNews(
  deps: PeopleDeps,
  place: PeoplePlace,
  options: { readonly rollout: StoredRollout; readonly news: News; readonly threadTs?: string | undefined },
): Promise<string | undefined> {
  const { rollout, news, threadTs } = options
  const { channel, address } = place
  const person = await byWhom(deps, rollout, news)
  const demo = rollout.numbers.demo ? ' (Demonstration thresholds.)' : ''
  const posted = await postOnce(deps, {
    key: keyOf(rollout, news),
    messageId: undefined,
    kind: 'news',
    text: `${textOf(rollout, news)}${person === undefined ? '' : ` ${personMark} let it on stage.`}${demo}`,
    address: threadTs === undefined ? address : { ...address, kind: 'slack-thread', threadTs },
    ...(person !== undefined && { person }),
    channel,
  })
  return posted.kind === 'sent' ? posted.platformId : undefined
}

/** The thread of a rollout, under the news that it began. */
export const threadOf = (deps: PeopleDeps, place: PeoplePlace, rollout: StoredRollout): Promise<string | undefined> =>
  postNews(deps, place, { rollout, news: 'shadow' })

/** `tellRollout`: one post per news; what everybody has to know is in the channel itself. The card is drawn anew. */
export const createTellRollout =
  (deps: PeopleDeps) =>
  async ({ bot, version, news }: RolloutRef & { readonly news: News }): Promise<void> => {
    const place = placeOf(deps, bot)
    const rollout = await rolloutOf(deps.db, { bot, version })
    if (place === undefined || rollout === undefined) return
    const threadTs = news === 'canary' ? await threadOf(deps, place, rollout) : undefined
    await postNews(deps, place, { rollout, news, threadTs })
    if (news !== 'live' && news !== 'ended') return
    await redrawCard(deps, { bot, version })
    await tellRefused(deps, { bot, version })
  }
