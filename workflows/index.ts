/** The bundle's entry: every workflow type is an export of this file. */
export { answerMessage } from './answer-message.ts'
export { applyCorrection } from './apply-correction.ts'
export { matchPeople } from './match-people.ts'
