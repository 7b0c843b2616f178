import { Link as Anchor } from '@radix-ui/themes'
import type { BotState } from '../../api/contract/bots.ts'
import { EmptyState } from '../frame/notices.tsx'
import { channelWords, safeLink } from '../words.ts'

/** The pages on which the bots can be talked to, each once. */
const placesOf = (bots: readonly BotState[]) => [
  ...new Map(bots.flatMap((bot) => bot.talkAt).map((place) => [place.url, place])).values(),
]

/** An empty list: what to do about it. */
export function Nothing({ filtered, bots }: { readonly filtered: boolean; readonly bots: readonly BotState[] }) {
  if (filtered)
    return (
      <EmptyState title="No conversation is like that">Choose less, or wait: new ones appear by themselves.</EmptyState>
    )
  const places = placesOf(bots)
  return (
    <EmptyState title="Nobody has written yet">
      {places.length === 0 ? (
        <>
          Write to a bot on one of the pages that <code>npm start</code> printed, or type{' '}
          <code>npx understudy ask {bots[0]?.name ?? '<bot>'}</code>. What you write appears here.
        </>
      ) : (
        <>
          Write to a bot in{' '}
          {places.map(({ channel, url }, index) => (
            <span key={url}>
              {index > 0 && ' or '}
              <Anchor href={safeLink(url)} target="_blank" rel="noreferrer">
                the simulated {channelWords(channel)}
              </Anchor>
            </span>
          ))}
          . What you write appears here.
        </>
      )}
    </EmptyState>
  )
}
