/** One thing that X demands before a program replies with an account, as the operator's settings name it. */
export interface MissingApproval {
  readonly variable: string
  /** What to do, in the words of X's own settings. */
  readonly todo: string
}

const demands = {
  aiRepliesApproved: {
    variable: 'X_AI_REPLIES_APPROVED',
    todo: "get X's approval for AI-generated replies (Policy Support form)",
  },
  automatedLabel: {
    variable: 'X_AUTOMATED_LABEL',
    todo: 'turn the automated label on (Settings > Your account > Automation)',
  },
  bioDisclosure: { variable: 'X_BIO_DISCLOSURE', todo: 'say in the bio that it is a bot, and whose' },
} as const

/**
 * What X's developer guidelines demand and nobody has stated yet; opt-out words, which they demand too, every bot has. A
 * simulator demands nothing.
 * @see https://docs.x.com/developer-guidelines
 */
export const missingApprovals = (
  stated: Readonly<Record<keyof typeof demands, boolean>>,
  options: { readonly live: boolean },
): readonly MissingApproval[] =>
  options.live
    ? Object.entries(demands).flatMap(([key, demand]) => (stated[key as keyof typeof demands] ? [] : [demand]))
    : []
