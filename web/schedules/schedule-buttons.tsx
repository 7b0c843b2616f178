import { Button, Flex } from '@radix-ui/themes'
import type { Schedule } from '../../api/contract/learning.ts'
import { ReasonDialog } from '../evidence/reason-dialog.tsx'
import { Icon } from '../frame/icons.tsx'
import { DoneNotice, ProblemNotice } from '../frame/notices.tsx'
import { may, useSignedIn } from '../frame/session.ts'
import { useSchedule } from '../operator/learning/queries.ts'

interface Props {
  readonly bot: string
  /** `null` when there is none, and when Temporal does not say. */
  readonly schedule: Schedule | null
}

function PauseSchedule({ bot }: Pick<Props, 'bot'>) {
  const change = useSchedule(bot)
  const trigger = (
    <Button size="2" variant="soft" color="gray" aria-label={`Pause the schedule of ${bot}`}>
      <Icon name="pause" size={15} /> Pause
    </Button>
  )
  return (
    <ReasonDialog
      trigger={trigger}
      title={`Pause the schedule of ${bot}?`}
      words="No retrain starts by the clock until you resume it. Enough corrections still start one."
      action="Pause"
      reasonName="Note"
      change={change}
      act={(note, done) => change.mutate({ action: 'pause', note }, { onSuccess: done })}
    />
  )
}

function ResumeSchedule({ bot }: Pick<Props, 'bot'>) {
  const change = useSchedule(bot)
  return (
    <>
      <Button
        size="2"
        aria-label={`Resume the schedule of ${bot}`}
        loading={change.isPending}
        onClick={() => change.mutate({ action: 'resume' })}
      >
        <Icon name="play" size={15} /> Resume
      </Button>
      {change.error && <ProblemNotice error={change.error} />}
    </>
  )
}

function TriggerNow({ bot }: Pick<Props, 'bot'>) {
  const change = useSchedule(bot)
  return (
    <Flex direction="column" gap="2">
      <Button
        size="2"
        variant="soft"
        aria-label={`Check ${bot} now`}
        loading={change.isPending}
        onClick={() => change.mutate({ action: 'trigger' })}
      >
        <Icon name="again" size={15} /> Check now
      </Button>
      {change.isSuccess && <DoneNotice>It was asked for. A retrain starts if there is enough to learn.</DoneNotice>}
      {change.error && <ProblemNotice error={change.error} />}
    </Flex>
  )
}

/** What may be done with a schedule: reviewers check now, which makes a lost one again; admins pause and resume one that is there. */
export function ScheduleButtons({ bot, schedule }: Props) {
  const session = useSignedIn()
  return (
    <Flex gap="2" wrap="wrap" align="start">
      {may(session, bot, 'reviewer') && <TriggerNow bot={bot} />}
      {schedule &&
        may(session, bot, 'admin') &&
        (schedule.paused ? <ResumeSchedule bot={bot} /> : <PauseSchedule bot={bot} />)}
    </Flex>
  )
}
