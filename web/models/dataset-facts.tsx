import { Code, Link as Anchor, Text } from '@radix-ui/themes'
import type { LabelWords } from '../../api/contract/values.ts'
import { shortHash } from '../evidence/evidence-words.ts'
import { FactList } from '../evidence/fact-list.tsx'
import { ProblemNotice } from '../frame/notices.tsx'
import { useDataset } from '../operator/learning/version-queries.ts'
import { count, labelWords, plural } from '../words.ts'

const counted = (counts: Readonly<Record<string, number>>, words: (id: string) => string): string =>
  Object.entries(counts)
    .map(([id, value]) => `${words(id)} ${count(value)}`)
    .join(', ')

/** What a version learned from, and where to get it. */
export function DatasetFacts({ root, labels }: { readonly root: string; readonly labels: readonly LabelWords[] }) {
  const { data: dataset, error } = useDataset(root)
  return (
    <>
      <FactList
        facts={[
          ['Dataset', <Code key="root">{shortHash(root)}</Code>],
          ['Examples', dataset && count(dataset.size)],
          ['Labels', dataset && counted(dataset.labelCounts, (id) => labelWords(labels, id))],
          ['Parts', dataset && counted(dataset.parts, (part) => part)],
          ['Corrections', dataset && plural(dataset.corrections, 'correction')],
        ]}
      />
      {error && <ProblemNotice error={error} />}
      <Text size="2">
        <Anchor href={`/api/datasets/${encodeURIComponent(root)}/export`} download>
          Export the dataset as JSON lines
        </Anchor>
      </Text>
    </>
  )
}
