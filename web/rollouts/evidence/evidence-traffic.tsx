import { Code, Text } from '@radix-ui/themes'
import type { EvidencePayload } from '../../../api/contract/rollouts.ts'
import { evidenceNumber, shortHash } from '../../evidence/evidence-words.ts'
import { FactList } from '../../evidence/fact-list.tsx'
import { Time } from '../../frame/time.tsx'
import { count, duration, percent, plural } from '../../words.ts'

/** Point 4: what it would have said to recorded requests. */
export const ReplayFacts = ({ replay }: Pick<EvidencePayload, 'replay'>) =>
  replay ? (
    <FactList
      facts={[
        ['Requests', count(replay.requests)],
        [
          'Recorded',
          <span key="span">
            <Time iso={replay.from} /> to <Time iso={replay.to} />
          </span>,
        ],
        ['Agreement', percent(replay.agreement)],
        ['Noise floor', percent(replay.noiseFloor)],
        ['Errors', count(replay.errors)],
        ['Report', <Code key="report">{shortHash(replay.reportHash)}</Code>],
      ]}
    />
  ) : (
    <Text size="2">Nothing was recorded that could be replayed.</Text>
  )

const msOrNothing = (ms: number | null): string => (ms === null ? 'no answers' : duration(ms))

const points = (share: number): string => `${share > 0 ? '+' : ''}${(share * 100).toFixed(1)}`

const changeWords = (change: EvidencePayload['traffic']['accuracyChange']): string =>
  change
    ? `${points(change.value)} points by the labels (${points(change.from)} to ${points(change.to)})`
    : 'not estimated before something is labelled'

/** Point 5: shadow and canary. */
export const TrafficFacts = ({ traffic }: Pick<EvidencePayload, 'traffic'>) => {
  const { pairs } = traffic
  return (
    <FactList
      facts={[
        ['Requests seen', count(traffic.seen)],
        ['Share', percent(traffic.share)],
        [
          'Sample ratio',
          traffic.sampleRatioP === null ? 'not measured yet' : `p ${traffic.sampleRatioP.toPrecision(2)}`,
        ],
        [
          'Disagreements',
          `challenger right in ${pairs.wins}, champion in ${pairs.losses}, neither in ${pairs.neither}`,
        ],
        ['E-value', evidenceNumber(traffic.eValue)],
        ['Agreement', traffic.agreement === null ? 'nothing was compared yet' : percent(traffic.agreement)],
        ['Right answers', changeWords(traffic.accuracyChange)],
        ['Missed deadlines', count(traffic.deadlineMisses)],
        [
          'Answer time',
          `median ${msOrNothing(traffic.p50Ms)}, 95th percentile ${msOrNothing(traffic.p95Ms)}; champion ${msOrNothing(traffic.championP95Ms)}`,
        ],
        [
          'Errors at most',
          traffic.errorBound === null ? 'no requests yet' : `${percent(traffic.errorBound)} (95 % bound)`,
        ],
      ]}
    />
  )
}

/** Point 7: who taught it. */
export const ContributorFacts = ({ contributors }: Pick<EvidencePayload, 'contributors'>) => (
  <FactList
    facts={[
      ['Contributors', plural(contributors.people, 'person', 'people')],
      ['Largest share', percent(contributors.largestShare)],
      ['Conflicts', plural(contributors.conflicts, 'correction')],
      ['From people without trust', plural(contributors.untrusted, 'correction')],
    ]}
  />
)
