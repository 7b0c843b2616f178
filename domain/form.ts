import type { ReplyAddress } from './address.ts'
import type { Label } from './label.ts'

/** A form that a person fills in: where no picture came along, or to correct an answer. */
export type Form =
  | { readonly kind: 'predict' | 'match'; readonly title: string; readonly prompt: string; readonly context: string }
  | {
      readonly kind: 'correct'
      readonly title: string
      readonly prompt: string
      readonly labels: readonly Label[]
      /** What the submission brings back: which answer it is about. */
      readonly context: string
      /** Where the person is told when it cannot be opened: the acknowledgement of a shortcut shows no text. */
      readonly otherwise?: ReplyAddress
    }
