import { Badge, Button, Code, Flex, Progress, Text } from '@radix-ui/themes'
import { Link } from 'wouter'
import type { Retrain } from '../../api/contract/learning.ts'
import { sentence, shortHash, triggerWords } from '../evidence/evidence-words.ts'
import { ReasonDialog } from '../evidence/reason-dialog.tsx'
import { GateTable } from '../evidence/verdicts.tsx'
import { may, useSignedIn } from '../frame/session.ts'
import { Time } from '../frame/time.tsx'
import { useCancelRetrain } from '../operator/learning/queries.ts'
import { duration } from '../words.ts'

const states = {
  running: ['Running', 'blue'],
  succeeded: ['Done', 'green'],
  failed: ['Failed', 'red'],
  cancelled: ['Cancelled', 'gray'],
} as const satisfies Record<Retrain['state'], readonly [words: string, colour: string]>

type Slot = Retrain['slots'][number]

const Training = ({ progress: { step, of, loss } }: { readonly progress: NonNullable<Slot['progress']> }) => {
  const words = `Step ${step} of ${of}${loss === null ? '' : `, loss ${loss.toFixed(3)}`}`
  return (
    <Flex direction="column" gap="1">
      <Progress value={step} max={Math.max(1, of)} aria-label={words} />
      <Text size="1" color="gray">
        {words}
      </Text>
    </Flex>
  )
}

const SlotLine = ({ bot, slot, running }: { readonly bot: string; readonly slot: Slot; readonly running: boolean }) => (
  <Flex direction="column" gap="2">
    <Text size="2">
      {slot.slot}:{' '}
      {slot.version === null ? (
        running ? (
          'in training'
        ) : (
          'no version'
        )
      ) : (
        <Link href={`/models/${bot}/${slot.version}`}>version {slot.version}</Link>
      )}
      {slot.parent !== null && <Text color="gray"> from version {slot.parent}</Text>}
    </Text>
    {running && slot.progress && <Training progress={slot.progress} />}
    {slot.gates && (
      <details>
        <summary>
          <Text size="2">{gateSummary(slot.gates)}</Text>
        </summary>
        <GateTable gates={slot.gates} />
      </details>
    )}
  </Flex>
)

function gateSummary(gates: NonNullable<Slot['gates']>): string {
  const failed = gates.filter(({ verdict }) => verdict === 'fail').length
  const passed = gates.filter(({ verdict }) => verdict === 'pass').length
  const silent = gates.length - failed - passed
  return `Gates: ${passed} passed, ${failed} failed${silent > 0 ? `, ${silent} without enough data` : ''}`
}

/** Stops a retrain that runs; for reviewers, who may also ask for one. */
function CancelRetrain({ bot, number }: { readonly bot: string; readonly number: number }) {
  const change = useCancelRetrain(bot, number)
  if (!may(useSignedIn(), bot, 'reviewer')) return null
  const trigger = (
    <Button size="1" variant="soft" color="gray" aria-label={`Stop retrain ${number} of ${bot}`}>
      Stop it
    </Button>
  )
  return (
    <ReasonDialog
      trigger={trigger}
      title={`Stop retrain ${number} of ${bot}?`}
      words="No version comes of it. The corrections stay, and the next retrain learns from them; what serves does not change."
      action="Stop it"
      withReason={false}
      change={change}
      act={(_reason, done) => change.mutate(undefined, { onSuccess: done })}
    />
  )
}

/** One retrain: why it ran, how it ended, and what its gates said. */
export function RetrainItem({ bot, retrain }: { readonly bot: string; readonly retrain: Retrain }) {
  const [words, colour] = states[retrain.state]
  const took = retrain.finishedAt === null ? null : Date.parse(retrain.finishedAt) - Date.parse(retrain.startedAt)
  return (
    <Flex direction="column" gap="2">
      <Flex gap="3" align="center" wrap="wrap">
        <Text weight="medium">Retrain {retrain.number}</Text>
        <Badge color={colour}>{words}</Badge>
        {retrain.reason === 'demo' && <Badge color="amber">Demonstration</Badge>}
        <Text size="2" color="gray">
          <Time iso={retrain.startedAt} />, because of: {triggerWords(retrain.reason)}
          {took !== null && `, took ${duration(took)}`}
        </Text>
        {retrain.state === 'running' && <CancelRetrain bot={bot} number={retrain.number} />}
      </Flex>
      {retrain.outcome && (
        <Text as="p" size="2" {...(retrain.state === 'failed' && { color: 'red' as const })}>
          {sentence(retrain.outcome)}
        </Text>
      )}
      {retrain.slots.map((slot) => (
        <SlotLine key={slot.slot} bot={bot} slot={slot} running={retrain.state === 'running'} />
      ))}
      {retrain.datasetRoot && (
        <Text size="1" color="gray">
          Dataset <Code variant="ghost">{shortHash(retrain.datasetRoot)}</Code>
        </Text>
      )}
    </Flex>
  )
}
