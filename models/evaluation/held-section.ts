import type { Examples } from '../datasets/examples.ts'
import type { HeldFigures } from './held-figures.ts'
import { isOfPeople, partCounts, partOfExample } from '../datasets/examples.ts'

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`

/** Under so many held-out corrections a share would say more than they can. */
const enough = 25

function correctionsLine({ correctionHoldout: { count, right } }: HeldFigures): string {
  if (count === 0) return 'No correction is held out yet.'
  const said = `${right} of ${count} held-out corrections are answered right`
  return count < enough ? `${said}: not enough evidence for a percentage.` : `${said} (${percent(right / count)}).`
}

function goldenLine({ golden: { total, right, wrong } }: HeldFigures): string {
  if (total === 0) return 'There is no golden set.'
  const rest = wrong.length === 0 ? '' : `; wrong: ${wrong.join(', ')}`
  return `${right} of ${total} golden examples are answered right${rest}.`
}

/** Labels that no base example to learn from has. */
function onlyByPeople({ examples, labels }: Examples): readonly string[] {
  const learned = examples.filter((example) => !isOfPeople(example) && partOfExample(example) === 'train')
  return labels.filter((label) => !learned.some((example) => example.label === label))
}

/** What a card says of held-out examples and of what people taught. The same in every family. */
export function heldSection(dataset: Examples, held: HeldFigures): string {
  const counts = partCounts(dataset)
  const learned = dataset.examples.filter((example) => partOfExample(example) === 'train')
  const corrected = learned.filter(({ corrections = [] }) => corrections.length > 0)
  const overridden = corrected.filter(({ base, label }) => base !== undefined && base.label !== label)
  const alone = onlyByPeople(dataset)
  return [
    '## What it never learned from, and what people taught',
    `Of ${dataset.examples.length} examples ${counts.train} are learned from, ${counts.holdout} base examples and ${counts['correction-holdout']} corrections are held out for life by their content, ${counts.golden} are golden.`,
    held.holdout === null
      ? 'No base example is held out.'
      : `Of the held-out base examples ${percent(held.holdout.accuracy)} are answered right (balanced ${percent(held.holdout.balancedAccuracy)}, ECE ${held.holdout.ece.toFixed(3)}). They are of the same hands as those that it learned from, so this is a guard against getting worse, no promise for new hands.`,
    correctionsLine(held),
    goldenLine(held),
    `${corrected.length} examples come from corrections by people${overridden.length > 0 ? `; ${overridden.length} of them changed the label of a base example` : ''}. Corrections are not part of the figures above: the heads that were judged there learned from none.`,
    ...(alone.length > 0
      ? [
          `Only people know ${alone.join(', ')}: without base examples of it the rules about sources do not hold for it, and nothing above judges it.`,
        ]
      : []),
  ].join('\n')
}
