/** Why a decision was refused, with what its person is told. */
const texts = {
  'unknown-evidence': 'There is no such evidence. Decide on the newest card.',
  'not-approver': 'Only approvers of this bot decide on a version; ask one of them, or an admin for the role.',
  'not-pending': 'Nothing is waiting for a decision here: it was decided already, or its rollout is over.',
  stale: 'The evidence has changed since this card was drawn. Look at the new one and decide on that.',
  expired:
    'This card has expired. The rollout ends without a decision, or gets a new card where the version is on hold.',
  verdict: 'The evidence does not allow a promotion: it says fail, or too little was seen.',
  'no-reason': 'The evidence is inconclusive, so say why: write your reason on the card and press again.',
  'own-data': 'You have contributed corrections that this version learned from. Somebody else has to let it on stage.',
  decided: 'Somebody else has decided on this evidence already.',
  'not-warm': 'The version is not loaded and warm any more. Try again when its workers are back.',
} as const

export type DecisionRefusal = keyof typeof texts

/** What a person is told; the code itself for one that came from elsewhere. */
export const refusalText = (code: string): string =>
  new Map<string, string>(Object.entries(texts)).get(code) ?? `It was refused: ${code}.`
