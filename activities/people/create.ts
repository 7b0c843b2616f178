import { recordHoldOrReject } from '../../store/approvals/record-decision.ts'
import type { RolloutActivities } from '../rollout-contract.ts'
import { createAskBlind } from './ask-blind.ts'
import type { PeopleDeps } from './place.ts'
import { createShowCard } from './show-card.ts'
import { createTellFixers } from './tell-fixers.ts'
import { createTellRollout } from './tell-rollout.ts'

/** The activities of rollouts that talk to people. */
export const createPeopleActivities = (
  deps: PeopleDeps,
): Pick<RolloutActivities, 'tellRollout' | 'tellFixers' | 'askBlind' | 'showCard' | 'recordDecision'> => ({
  tellRollout: createTellRollout(deps),
  tellFixers: createTellFixers(deps),
  askBlind: createAskBlind(deps),
  showCard: createShowCard(deps),
  recordDecision: ({ decisionId }) => recordHoldOrReject(deps.db, decisionId),
})
