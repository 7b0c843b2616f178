import { Flex, Text } from '@radix-ui/themes'
import type { RolloutDetail } from '../../api/contract/rollouts.ts'
import { type Step, stepsOf } from './steps.ts'

const stateWords: Readonly<Record<Step['state'], string>> = {
  done: 'done',
  skipped: 'skipped: traffic had its time',
  now: 'here now',
  ahead: 'ahead',
  stopped: 'it stopped here',
}

/** The stages of a rollout in order, with what was seen and what is wanted. */
export const Stepper = ({ rollout }: { readonly rollout: RolloutDetail }) => (
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
