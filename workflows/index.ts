import { setWorkflowOptions } from '@temporalio/workflow'
import { answerMessage } from './answer-message.ts'
import { applyCorrection } from './apply-correction.ts'
import { coordinateLearning } from './coordinate-learning.ts'
import { handleAction } from './handle-action.ts'
import { matchPeople } from './match-people.ts'
import { pinned } from './pinned.ts'
import { rebuildVersion } from './rebuild-version.ts'
import { replayVersion } from './replay-version.ts'
import { requestRetrain } from './request-retrain.ts'
import { retrainModel } from './retrain-model.ts'
import { rollOutVersion } from './roll-out-version.ts'
import { tellReview } from './tell-review.ts'

// The others, coordinators and rollouts, live for weeks and longer: they go on with whatever build is current.
setWorkflowOptions(pinned, answerMessage)
setWorkflowOptions(pinned, applyCorrection)
setWorkflowOptions(pinned, handleAction)
setWorkflowOptions(pinned, matchPeople)
setWorkflowOptions(pinned, rebuildVersion)
setWorkflowOptions(pinned, replayVersion)
setWorkflowOptions(pinned, requestRetrain)
setWorkflowOptions(pinned, retrainModel)
setWorkflowOptions(pinned, tellReview)

/** The bundle's entry: every workflow type is an export of this file. */
export {
  answerMessage,
  applyCorrection,
  coordinateLearning,
  handleAction,
  matchPeople,
  rebuildVersion,
  replayVersion,
  requestRetrain,
  retrainModel,
  rollOutVersion,
  tellReview,
}
