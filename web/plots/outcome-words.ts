import type { OutcomeName } from '../../api/contract/messages.ts'

export const outcomeWords: Readonly<Record<OutcomeName, string>> = {
  answered: 'Answered',
  refused: 'Refused',
  failed: 'Failed',
  expired: 'Expired',
  open: 'Open',
}

/** One sentence each, for people who do not know our words. */
export const outcomeMeanings: Readonly<Record<OutcomeName, string>> = {
  answered: 'The model’s answer is visible.',
  refused: 'The message could not be answered, and the reply says why.',
  failed: 'No answer could be given within 24 hours, or the platform does not take the reply.',
  expired: 'The message was too old to be answered.',
  open: 'The answer is on its way.',
}

/** Colours of the theme, so that they follow light and dark. */
export const outcomeColours: Readonly<Record<OutcomeName, string>> = {
  answered: 'var(--green-9)',
  refused: 'var(--amber-9)',
  failed: 'var(--red-9)',
  expired: 'var(--slate-8)',
  open: 'var(--blue-9)',
}

export const outcomeBadges = {
  answered: 'green',
  refused: 'amber',
  failed: 'red',
  expired: 'gray',
  open: 'blue',
} as const satisfies Record<OutcomeName, string>
