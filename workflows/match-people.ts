import type { MessageRequest } from '../activities/contract.ts'
import { answerMessage } from './answer-message.ts'
import type { MessageEnd } from './messages.ts'

/** The type under which 0.1.0 started what `answerMessage` has taken over. Nothing starts it; what is open goes on, and its histories replay. */
export const matchPeople = (request: MessageRequest): Promise<MessageEnd> => answerMessage(request)
