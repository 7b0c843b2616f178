import type { HeldFigures } from '../../evaluation/held-figures.ts'
import { heldSection } from '../../evaluation/held-section.ts'
import { curveTable } from '../../evaluation/risk-coverage.ts'
import type { TextDataset } from './dataset.ts'
import type { Evaluation } from './evaluate.ts'
import type { Metadata } from './version-files.ts'

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`

function countsTable(dataset: TextDataset): string {
  const vendors = [...new Set(dataset.examples.map(({ vendor }) => vendor))].toSorted()
  const rows = vendors.map((vendor) => {
    const own = dataset.examples.filter((example) => example.vendor === vendor)
    return `| ${vendor} | ${dataset.labels.map((label) => own.filter((one) => one.label === label).length).join(' | ')} |`
  })
  return [
    `| source | ${dataset.labels.join(' | ')} |`,
    `|---|${dataset.labels.map(() => '---|').join('')}`,
    ...rows,
  ].join('\n')
}

const figuresTable = ({ parts }: Evaluation): string =>
  [
    '| test part | texts | learned from | accuracy | majority rate | balanced accuracy | ECE | known |',
    '|---|---|---|---|---|---|---|---|',
    ...parts.map(
      (part) =>
        `| ${part.name} | ${part.count} | ${part.learnedFrom} | ${percent(part.accuracy)} | ${percent(part.majorityRate)} | ${percent(part.balancedAccuracy)} | ${part.ece.toFixed(3)} | ${percent(part.knownShare)} |`,
    ),
  ].join('\n')

function recallTable({ labels, pooled }: Evaluation): string {
  const rows = labels.map((label, index) => {
    const support = pooled.support[index] ?? 0
    const right = pooled.confusion[index]?.[index] ?? 0
    return `| ${label} | ${support} | ${support === 0 ? 'none in the test part' : percent(right / support)} |`
  })
  return ['| label | texts | recall |', '|---|---|---|', ...rows].join('\n')
}

const fewLines = ({ fewExamples }: Evaluation): string =>
  fewExamples
    .map(
      ({ perLabel, draws, accuracy, lowest, highest }) =>
        `With at most ${perLabel} examples per label: ${percent(accuracy)} (mean of ${draws} draws, ${percent(lowest)} to ${percent(highest)}).`,
    )
    .join('\n')

/** A version's model card (Mitchell et al. 2019), written from its records so that it cannot go stale. */
export function cardOf(
  dataset: TextDataset,
  made: { readonly evaluation: Evaluation & HeldFigures; readonly metadata: Metadata; readonly notes: string },
): string {
  const { evaluation, metadata, notes } = made
  return `# ${metadata.bot}

## What it is
A multinomial logistic regression on the ${metadata.sizes.width} features of ${dataset.backbone.name}, frozen, beside ${metadata.sizes.grams} hashed n-grams of
words (1 to 2) and characters (2 to 5), trained from scratch by \`${metadata.trainerVersion}\` with seed ${metadata.seed} on the ${metadata.backend} backend.

## Intended use
It chooses one of ${dataset.labels.length} labels (${dataset.labels.join(', ')}) for a short text in English, with a calibrated probability, for
conversations in which a person can correct it. It is not for decisions about people.

## What it learned from
${dataset.examples.length} texts, dataset \`${dataset.root}\`:

${countsTable(dataset)}

${notes}

## How good it is
Never measured by a random split, in which near-copies would be on both sides, unless nothing better is known of the texts.
Method: ${evaluation.method}. The version that serves learned from all texts, those of the test part included, with the same settings;
these figures are of the head that had not seen them.

${figuresTable(evaluation)}

${recallTable(evaluation)}

${fewLines(evaluation)}

Read the accuracy beside the majority rate: that of always saying the most frequent label.

${heldSection(dataset, evaluation)}

## What it does not know
A text whose distance to its ${evaluation.distance.neighbours}th nearest training example is above ${evaluation.distance.threshold.toFixed(3)} is answered as "not known", never with a label. That
is the distance within which ${percent(evaluation.distance.share)} of the held-out texts lie.
An answer with less than ${percent(evaluation.unsure.confidence)} confidence is one of the least sure ${percent(evaluation.unsure.share)} of the held-out ones: people should be asked.

${curveTable(evaluation.unsure)}

A label that has no text in the part that is learned from cannot be found in the test part: its recall is 0 there, and corrections teach it.

## Ethical considerations
Texts name features, not people. Whoever trains it on people's own messages has to ask them first, and to look at who is misunderstood.
`
}
