import { Flex, Text } from '@radix-ui/themes'
import { Link } from 'wouter'
import type { BotState } from '../../api/contract/bots.ts'
import { outcomeNames } from '../../api/contract/messages.ts'
import { listPath } from '../operator/filter.ts'
import { outcomeColours, outcomeMeanings, outcomeWords } from '../plots/outcome-words.ts'
import { count } from '../words.ts'

/** Always shown, even at 0: people look for these. */
const always = ['answered', 'refused', 'failed']

/** Today's outcomeNames in figures, each a link to its conversations; the key of the bar above. */
export const OutcomeCounts = ({ bot }: { readonly bot: BotState }) => (
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
