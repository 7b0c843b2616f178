import { Card, Flex, Heading, Progress, Text } from '@radix-ui/themes'
import { Link } from 'wouter'
import type { BotLearning } from '../../api/contract/learning.ts'
import { plural } from '../words.ts'

/** What is said of the next retrain: the API's sentence, or that one runs. */
function nextWords({ status, wait }: BotLearning): string {
  if (status.running !== undefined) return `Retrain ${status.running} is running.`
  return wait ?? 'The next retrain starts in a moment.'
}

/** How far a bot is from its next retrain. */
export function ProgressCard({ learning }: { readonly learning: BotLearning }) {
  const { bot, status } = learning
  const words = `${status.accepted} of ${plural(status.wanted, 'correction')}`
  const id = `learning-${bot}`
  return (
    <Card size="2" asChild>
      <article aria-labelledby={id}>
        <Flex direction="column" gap="2">
          <Flex justify="between" gap="3" align="baseline" wrap="wrap">
            <Heading as="h2" size="3" id={id}>
              {bot}
            </Heading>
            <Text size="2" weight="medium" className="figure">
              {words}
            </Text>
          </Flex>
          <Progress
            value={Math.min(status.accepted, status.wanted)}
            max={status.wanted}
            aria-label={`${bot}: ${words}`}
          />
          <Text size="2" color="gray" role="status">
            {nextWords(learning)}
          </Text>
          <Text size="2" color="gray">
            {plural(status.people, 'person', 'people')} taught it; {status.peopleWanted} are wanted.{' '}
            <Link href={`/schedules?bot=${bot}`}>Schedule and retrains</Link>
          </Text>
        </Flex>
      </article>
    </Card>
  )
}
