import { figuresHead, figuresRow, percent } from './figures-table.ts'
import type { Dataset } from '../../encoder-head/dataset.ts'
import type { HeldFigures } from '../../evaluation/held-figures.ts'
import { heldSection } from '../../evaluation/held-section.ts'
import { curveTable } from '../../evaluation/risk-coverage.ts'
import type { Evaluation } from './training/leave-one-out.ts'
import type { Metadata } from './version-files.ts'

function countsTable(dataset: Dataset): string {
  const vendors = [...new Set(dataset.examples.map(({ vendor }) => vendor))].toSorted()
  const rows = vendors.map((vendor) => {
    const own = dataset.examples.filter((example) => example.vendor === vendor)
    return `| ${vendor} | ${dataset.labels.map((label) => own.filter((one) => one.label === label).length).join(' | ')} |`
  })
  return [
    `| vendor | ${dataset.labels.join(' | ')} |`,
    `|---|${dataset.labels.map(() => '---|').join('')}`,
    ...rows,
  ].join('\n')
}

const figuresTable = ({ vendors, pooled, labels }: Evaluation): string =>
  [
    figuresHead(['left out'], labels[0] ?? '', ['known']),
    ...vendors.map((figures) => figuresRow([figures.vendor], figures, [percent(figures.knownShare)])),
    figuresRow(['all'], pooled, ['']),
  ].join('\n')

const usesOf = (dataset: Dataset): string =>
  `It chooses one of ${dataset.labels.length} labels (${dataset.labels.join(', ')}) for a picture, with a calibrated probability, for conversations in which a person can correct it. It is not for decisions about people.`

/** A version's model card (Mitchell et al. 2019), written from its records so that it cannot go stale. */
export function cardOf(
  dataset: Dataset,
  made: { readonly evaluation: Evaluation & HeldFigures; readonly metadata: Metadata; readonly notes: string },
): string {
  const { evaluation, metadata, notes } = made
  return `# ${metadata.bot}

## What it is
A multinomial logistic regression on ${dataset.backbone.width} frozen features of ${dataset.backbone.name} (${dataset.backbone.cuts.join(' and ')}), trained from
scratch by \`${metadata.trainerVersion}\` with seed ${metadata.seed} on the ${metadata.backend} backend.

## Intended use
${usesOf(dataset)}

## What it learned from
${dataset.examples.length} pictures, dataset \`${dataset.root}\`:

${countsTable(dataset)}

Where each vendor's pictures come from and under which licence is in the repository's NOTICE; the ids in \`examples.json\` name every one.

**It knows only what these pictures show.** ${notes}

## How good it is
Measured by leaving whole vendors out, never by a random split, in which the same drawing in another skin tone would be on both sides.
Method: ${evaluation.method}.

${figuresTable(evaluation)}

The features and the strength of regularisation were chosen by these same figures, so expect a little less of a vendor that nobody looked at.
A threshold that is right for one vendor is not for another: the AUC tells how well pictures are ranked, the balanced accuracy how
often the likelier label is right with each label counting the same. Read the accuracy beside the majority rate.

${heldSection(dataset, evaluation)}

## What it does not know
A picture whose distance to its ${ordinal(evaluation.distance.neighbours)} nearest training example is above ${evaluation.distance.threshold.toFixed(1)} is answered as "not known", never with a label. That is
the distance within which ${percent(evaluation.distance.share)} of the pictures of left-out vendors lie.
An answer with less than ${percent(evaluation.unsure.confidence)} confidence is one of the least sure ${percent(evaluation.unsure.share)} of those on left-out vendors: people should be asked.

${curveTable(evaluation.unsure)}

## A bot for photographs
The frozen backbone was trained on photographs (ImageNet), so a few dozen pictures per label make a bot of its own: collect them from three
sources or more per label, because one is left out to measure and one to calibrate.

## Ethical considerations
Drawings and collections show people in few ways, and skin tones and genders in even fewer. A label about people themselves, and not about
what is to be seen on them, needs its own look at who is wrongly labelled.
`
}

const ordinal = (count: number): string => (count === 1 ? '' : `${count}th`)
