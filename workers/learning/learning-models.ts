import type { LearningModels } from '../../activities/learning/deps.ts'
import { ModelNotReady } from '../../domain/errors.ts'
import { correctionWeight, peopleVendor, readExamples } from '../../models/datasets/examples.ts'
import { groupsOf } from '../../models/datasets/near-duplicates.ts'
import { judgeVersion } from '../../models/evaluation/judge-version.ts'
import { classifierOf, type Families } from '../../models/family.ts'
import type { Assets } from '../../models/runtime/assets.ts'
import type { Runtime } from '../../models/runtime/runtime.ts'
import { factsOf, readMetadata } from '../../models/version-facts.ts'

/** What learning asks of `models/`, with the kinds of models, frozen networks and versions of this process. */
export const learningModels = (
  families: Families,
  { assets, runtime }: { readonly assets: Pick<Assets, 'open'>; readonly runtime: Pick<Runtime, 'open'> },
): LearningModels => ({
  ...{ groupsOf, readExamples, readMetadata, factsOf, judge: judgeVersion },
  correctionNumbers: { vendor: peopleVendor, weight: correctionWeight },
  familyOf: (name) => classifierOf(families, name),
  extend: (name, parentFiles, task) => classifierOf(families, name).extend(parentFiles, task, assets),
  open: async (family, files) => {
    const model = await runtime.open({ family, files })
    if (model.kind === 'classifier') return model
    model.dispose()
    throw new ModelNotReady('it makes texts, and nothing can be compared with labels')
  },
})
