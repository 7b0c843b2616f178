import { Badge, Flex, Heading, Skeleton, Text } from '@radix-ui/themes'
import type { BotLearning } from '../../api/contract/learning.ts'
import { FactList } from '../evidence/fact-list.tsx'
import { OneOrAll, useAddressField } from '../evidence/one-or-all.tsx'
import { Panel } from '../evidence/panel.tsx'
import { Loaded } from '../frame/loaded.tsx'
import { EmptyState } from '../frame/notices.tsx'
import { Page } from '../frame/page.tsx'
import { Time } from '../frame/time.tsx'
import { useLearning } from '../operator/learning/queries.ts'
import { duration, plural } from '../words.ts'
import { RetrainItem } from './retrain-item.tsx'
import { ScheduleButtons } from './schedule-buttons.tsx'

/** What is said in the place of the next run: a schedule that is lost is made again, one that cannot be asked for may be there. */
export const noScheduleWords = (known: boolean): string =>
  known
    ? 'it has no schedule: “Check now” makes it again, and so does the next start of the learning worker'
    : 'not known: Temporal does not answer'

const NextRun = ({ schedule, scheduleKnown }: Pick<BotLearning, 'schedule' | 'scheduleKnown'>) => {
  if (!schedule) return <Text color="gray">{noScheduleWords(scheduleKnown)}</Text>
  if (schedule.paused)
    return (
      <Flex gap="2" align="center" wrap="wrap">
        <Badge color="amber">Paused</Badge>
        {schedule.note && <Text size="2">{schedule.note}</Text>}
      </Flex>
    )
  return (
    <>
      {schedule.nextAt ? <Time iso={schedule.nextAt} /> : 'not known'}{' '}
      <Text color="gray">
        (<code>{schedule.cron}</code> UTC)
      </Text>
    </>
  )
}

function Bot({ learning }: { readonly learning: BotLearning }) {
  const { bot, schedule, scheduleKnown, status, wait, retrains, correctionToLiveMedianMs } = learning
  const live =
    correctionToLiveMedianMs === null
      ? 'no correction is live yet'
      : `${duration(correctionToLiveMedianMs)} in the median`
  return (
    <Panel id={`schedule-${bot}`} title={bot} actions={<ScheduleButtons bot={bot} schedule={schedule} />}>
      <FactList
        facts={[
          ['Next run', <NextRun key="next" schedule={schedule} scheduleKnown={scheduleKnown} />],
          ['Corrections', `${status.accepted} of ${plural(status.wanted, 'correction')}`],
          [
            'Waits for',
            status.running === undefined ? (wait ?? 'nothing') : `retrain ${status.running}, which is running`,
          ],
          ['From correction to live', live],
        ]}
      />
      <Heading as="h3" size="3">
        Last retrains
      </Heading>
      {retrains.length === 0 ? (
        <Text size="2" color="gray">
          It has never learned from corrections.
        </Text>
      ) : (
        <Flex direction="column" gap="5" asChild>
          <ul className="plain" aria-label={`Retrains of ${bot}`}>
            {retrains.map((retrain) => (
              <li key={retrain.number}>
                <RetrainItem bot={bot} retrain={retrain} />
              </li>
            ))}
          </ul>
        </Flex>
      )}
    </Panel>
  )
}

/** When each bot learns next, and how its last retrains went. */
export function SchedulesPage() {
  const learning = useLearning()
  const [bot, setBot] = useAddressField('bot')
  const names = learning.data?.map((each) => [each.bot, each.bot] as const) ?? []
  return (
    <Page
      title="Schedules"
      actions={<OneOrAll name="Bot" all="All bots" value={bot} options={names} choose={setBot} />}
    >
      <Loaded query={learning} skeleton={<Skeleton height="300px" />}>
        {(bots) =>
          bots.length === 0 ? (
            <EmptyState title="No bot learns yet">A bot learns as soon as it has a model and corrections.</EmptyState>
          ) : (
            bots.filter((each) => bot === '' || each.bot === bot).map((each) => <Bot key={each.bot} learning={each} />)
          )
        }
      </Loaded>
    </Page>
  )
}
