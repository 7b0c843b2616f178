import type { BotState } from '../operator/answers.ts'
import type { VersionDetail } from '../operator/learning/version-answers.ts'

type Candidate = Pick<VersionDetail, 'version' | 'stage' | 'rollout'>

/** Whether a rollout of a version can begin: each has one, ever, and what is live or a baseline needs none. */
export const mayStart = ({ version, stage, rollout }: Candidate, serving: BotState['versions']): boolean =>
  rollout == null &&
  stage !== 'live' &&
  !serving.some((member) => member.version === version && (member.stage === 'live' || member.baseline === true))
