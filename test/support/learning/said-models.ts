import type { Classifier } from '../../../models/model.ts'
import { families } from '../../../models/families/index.ts'
import type { Families } from '../../../models/family.ts'

/** A version that is no network: it says what it is told to. */
export const saidClassifier = (
  predict: Classifier['predict'],
  more: Partial<Pick<Classifier, 'dispose'>> = {},
): Classifier => ({
  kind: 'classifier',
  labels: ['fedora', 'no-fedora'],
  signature: { inputs: [], outputs: [] },
  predict,
  explain: () => Promise.resolve([]),
  warmUp: () => Promise.resolve(),
  dispose: () => undefined,
  ...more,
})

/** The product's families, whose versions are opened in another way. */
export const openedBy = (open: () => Promise<Classifier>): Families =>
  Object.fromEntries(
    Object.entries(families).flatMap(([name, family]) =>
      family.kind === 'classifier' ? [[name, { ...family, open }] as const] : [],
    ),
  )
