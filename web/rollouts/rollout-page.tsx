import { Callout, Flex, Heading, Link as Anchor, Skeleton, Text } from '@radix-ui/themes'
import { Link } from 'wouter'
import type { RolloutDetail } from '../../api/contract/rollouts.ts'
import { sentence } from '../evidence/evidence-words.ts'
import { Panel } from '../evidence/panel.tsx'
import { GuardLights, JudgementView } from '../evidence/verdicts.tsx'
import { Icon } from '../frame/icons.tsx'
import { Loaded } from '../frame/loaded.tsx'
import { Page } from '../frame/page.tsx'
import { Time } from '../frame/time.tsx'
import { useRollout } from '../operator/learning/rollout-queries.ts'
import { useBots } from '../operator/queries.ts'
import { EValuePlot } from '../plots/e-value-plot.tsx'
import { safeLink } from '../words.ts'
import { DecidePanel } from './evidence/decide-panel.tsx'
import { DecisionsList } from './evidence/decisions-list.tsx'
import { EvidenceCard } from './evidence/evidence-card.tsx'
import { eventWords, type Step, stepsOf } from './progress.ts'
import { RollbackButton } from './rollback-button.tsx'
import { RolloutBadges } from './rollout-badges.tsx'

const stateWords: Readonly<Record<Step['state'], string>> = {
  done: 'done',
  skipped: 'skipped: traffic had its time',
  now: 'here now',
  ahead: 'ahead',
  stopped: 'it stopped here',
}

/** The stages of a rollout in order, with what was seen and what is wanted. */
const Stepper = ({ rollout }: { readonly rollout: RolloutDetail }) => (
  <ol className="plain stepper" aria-label="Stages">
    {stepsOf(rollout, rollout.events).map(({ name, state, words }) => (
      <li key={name} className={`step step-${state}`} {...(state === 'now' && { 'aria-current': 'step' as const })}>
        <Flex direction="column" gap="1">
          <Text size="2" weight={state === 'now' ? 'bold' : 'medium'}>
            {name}
          </Text>
          <Text size="1" color="gray" className="figure">
            {words || stateWords[state]}
          </Text>
        </Flex>
      </li>
    ))}
  </ol>
)

function Where({ rollout }: { readonly rollout: RolloutDetail }) {
  const workflow = safeLink(rollout.workflowUrl)
  return (
    <Panel id="where" title="Where it is" actions={<RollbackButton rollout={rollout} />}>
      <Flex gap="2" align="center" wrap="wrap" role="status">
        <RolloutBadges rollout={rollout} />
        <Text size="2" color="gray">
          since <Time iso={rollout.stageSince} />; beside{' '}
          <Link href={`/models/${rollout.bot}/${rollout.champion}`}>version {rollout.champion}</Link>
        </Text>
      </Flex>
      {rollout.reason && (
        <Callout.Root color={rollout.end === 'promoted' ? 'green' : 'amber'} size="1">
          <Callout.Text>{sentence(rollout.reason)}</Callout.Text>
        </Callout.Root>
      )}
      <Stepper rollout={rollout} />
      {workflow && (
        <Anchor href={workflow} target="_blank" rel="noreferrer" size="2" className="outside">
          Workflow in the Temporal UI <Icon name="outside" size={14} />
        </Anchor>
      )}
    </Panel>
  )
}

const Evidence = ({ rollout }: { readonly rollout: RolloutDetail }) => (
  <Panel id="now" title="What the evidence says now">
    {rollout.judgement ? (
      <JudgementView judgement={rollout.judgement} />
    ) : (
      <Text size="2">There is no evidence yet.</Text>
    )}
    <EValuePlot points={rollout.eValueCurve} bound={rollout.numbers.evidence} />
    <Text as="p" size="2" color="gray">
      It grows when people, who do not know which version said what, find the challenger right and the champion wrong,
      or the other way round. <Link href={`/label?bot=${rollout.bot}`}>Label some</Link>
    </Text>
    {rollout.lights.length > 0 && <GuardLights lights={rollout.lights} />}
  </Panel>
)

const Decide = ({ rollout }: { readonly rollout: RolloutDetail }) => (
  <>
    <Heading as="h3" size="3">
      9. The decision
    </Heading>
    <DecidePanel rollout={rollout} />
    <Heading as="h3" size="3">
      10. Decisions so far
    </Heading>
    <DecisionsList decisions={rollout.decisions} />
  </>
)

/** What happened in the rollout, the newest first. */
const EventsList = ({ events }: Pick<RolloutDetail, 'events'>) =>
  events.length === 0 ? (
    <Text size="2">Nothing has happened yet.</Text>
  ) : (
    <ul className="votes" aria-label="Events">
      {events
        .toSorted((one, other) => other.at.localeCompare(one.at))
        .map((event) => (
          <Text as="div" size="2" asChild key={`${event.at} ${event.kind}`}>
            <li>
              <Time iso={event.at} />: {eventWords(event)}
            </li>
          </Text>
        ))}
    </ul>
  )

function Rollout({ rollout }: { readonly rollout: RolloutDetail }) {
  const labels = useBots().data?.find(({ name }) => name === rollout.bot)?.labels ?? []
  return (
    <>
      <Where rollout={rollout} />
      <Evidence rollout={rollout} />
      {rollout.evidence ? (
        <EvidenceCard
          bot={rollout.bot}
          version={rollout.version}
          evidence={rollout.evidence}
          author={rollout.author}
          examples={rollout.examples}
          labels={labels}
        >
          <Decide rollout={rollout} />
        </EvidenceCard>
      ) : (
        <Panel id="evidence" title="Evidence card">
          <DecidePanel rollout={rollout} />
          {rollout.decisions.length > 0 && <DecisionsList decisions={rollout.decisions} />}
        </Panel>
      )}
      <Panel id="events" title="What happened">
        <EventsList events={rollout.events} />
      </Panel>
    </>
  )
}

/** One rollout: where it is, what the evidence says, and the decision. */
export function RolloutPage({ bot, version }: { readonly bot: string; readonly version: number }) {
  const rollout = useRollout(bot, version)
  const back = (
    <Link href="/rollouts" className="back">
      <Icon name="back" size={16} /> All rollouts
    </Link>
  )
  return (
    <Page title={`${bot}: rollout of version ${version}`} actions={back}>
      <Loaded query={rollout} skeleton={<Skeleton height="480px" />}>
        {(data) => <Rollout rollout={data} />}
      </Loaded>
    </Page>
  )
}
