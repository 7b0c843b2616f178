import { Text } from '@radix-ui/themes'
import type { RolloutDetail } from '../../api/contract/rollouts.ts'
import { Time } from '../frame/time.tsx'
import { eventWords } from './event-words.ts'

/** What happened in the rollout, the newest first. */
export const EventsList = ({ events }: Pick<RolloutDetail, 'events'>) =>
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
