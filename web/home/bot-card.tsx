import { Badge, Card, DataList, Flex, Heading, Text } from '@radix-ui/themes'
import type { ReactNode } from 'react'
import { Link } from 'wouter'
import type { BotState } from '../../api/contract/bots.ts'
import { outcomeNames } from '../../api/contract/messages.ts'
import { Time } from '../frame/time.tsx'
import { listPath } from '../operator/filter.ts'
import { OutcomePlot } from '../plots/outcome-plot.tsx'
import { outcomeColours, outcomeMeanings, outcomeWords } from '../plots/outcome-words.ts'
import { channelWords, count, duration, versionWords } from '../words.ts'
import { PauseButton, ResumeButton } from './pause-buttons.tsx'

const familyWords = (family: string) => family.replaceAll('-', ' ')

/** Those that answer come first: a bot may have many more backstage. */
const Versions = ({ bot }: { readonly bot: BotState }) => (
  <Flex gap="2" wrap="wrap">
    {bot.versions.length === 0 && <Text color="gray">none yet</Text>}
    {bot.versions.map((version) => (
      <Badge
        key={`${version.slot} ${version.version}`}
        color={version.stage === 'live' ? 'iris' : 'gray'}
        variant="soft"
      >
        {versionWords(version)} · {version.stage}
        {version.baseline && ' · baseline'}
      </Badge>
    ))}
  </Flex>
)

function WaitingForPeople({ bot }: { readonly bot: BotState }) {
  if (bot.waitingForPeople === 0) return <Text color="gray">nothing</Text>
  return (
    <Link href={listPath({ bot: bot.name, correction: 'open' })}>
      {count(bot.waitingForPeople)} {bot.waitingForPeople === 1 ? 'answer needs' : 'answers need'} a person
    </Link>
  )
}

const Facts = ({ bot }: { readonly bot: BotState }) => (
  <DataList.Root size="2" className="facts" orientation={{ initial: 'vertical', xs: 'horizontal' }}>
    <DataList.Item>
      <DataList.Label>Answer time</DataList.Label>
      <DataList.Value>
        {bot.answerMs ? (
          `median ${duration(bot.answerMs.median)}, 95th percentile ${duration(bot.answerMs.p95)}`
        ) : (
          <Text color="gray">no answers today</Text>
        )}
      </DataList.Value>
    </DataList.Item>
    <DataList.Item>
      <DataList.Label>Waits for people</DataList.Label>
      <DataList.Value>
        <WaitingForPeople bot={bot} />
      </DataList.Value>
    </DataList.Item>
    <DataList.Item>
      <DataList.Label>Versions</DataList.Label>
      <DataList.Value>
        <Versions bot={bot} />
      </DataList.Value>
    </DataList.Item>
  </DataList.Root>
)

const words = { ok: 'Healthy', waiting: 'Waiting', down: 'Down' } as const

/** A light and its words; the colour alone never says it. `children`: that the bot is paused. */
const Health = ({ health, children }: { readonly health: BotState['health']; readonly children: ReactNode }) => (
  <Flex gap="2" align="baseline" role="status">
    <span className={children ? 'lamp lamp-paused' : `lamp lamp-${health.state}`} aria-hidden="true" />
    <Text size="2">
      {children ? <strong>{children}</strong> : <strong>{words[health.state]}</strong>}
      {health.reason && <Text color="gray">: {health.reason}</Text>}
    </Text>
  </Flex>
)

/** Always shown, even at 0: people look for these. */
const always = ['answered', 'refused', 'failed']

/** Today's outcomeNames in figures, each a link to its conversations; the key of the bar above. */
const OutcomeCounts = ({ bot }: { readonly bot: BotState }) => (
  <Flex asChild gap="4" wrap="wrap">
    <ul className="plain" aria-label="Outcomes today">
      {outcomeNames
        .filter((outcome) => always.includes(outcome) || bot.today[outcome] > 0)
        .map((outcome) => (
          <li key={outcome} title={outcomeMeanings[outcome]}>
            <Link href={listPath({ bot: bot.name, outcome })} className="key">
              <span className="swatch" style={{ background: outcomeColours[outcome] }} aria-hidden="true" />
              <Text size="2">
                <strong className="figure">{count(bot.today[outcome])}</strong> {outcomeWords[outcome].toLowerCase()}
              </Text>
            </Link>
          </li>
        ))}
    </ul>
  </Flex>
)

const Title = ({ bot, id }: { readonly bot: BotState; readonly id: string }) => (
  <Flex justify="between" gap="3" align="start">
    <div>
      <Heading as="h2" size="5" id={id}>
        <Link href={listPath({ bot: bot.name })}>{bot.name}</Link>
      </Heading>
      <Text size="2" color="gray">
        {familyWords(bot.family)} · {bot.channels.map(channelWords).join(', ')}
      </Text>
    </div>
    {bot.paused ? <ResumeButton bot={bot} /> : <PauseButton bot={bot} />}
  </Flex>
)

/** One bot: whether it is well, what it did today, what waits for a person, and what serves. */
export function BotCard({ bot }: { readonly bot: BotState }) {
  const id = `bot-${bot.name}`
  return (
    <Card size="3" asChild>
      <article aria-labelledby={id}>
        <Flex direction="column" gap="4" height="100%">
          <Title bot={bot} id={id} />
          <Health health={bot.health}>
            {bot.paused && (
              <>
                Paused since <Time iso={bot.paused.since} /> by {bot.paused.by}
              </>
            )}
          </Health>
          <Flex direction="column" gap="2">
            <Text size="2" color="gray">
              <Text size="7" weight="bold" className="figure strong">
                {count(bot.today.messages)}
              </Text>{' '}
              {bot.today.messages === 1 ? 'message' : 'messages'} today
            </Text>
            <OutcomePlot today={bot.today} />
            <OutcomeCounts bot={bot} />
          </Flex>
          <Facts bot={bot} />
        </Flex>
      </article>
    </Card>
  )
}
