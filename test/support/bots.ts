import { correctionWords } from '../../domain/bot-words.ts'
import type { Bot } from '../../domain/bot.ts'
import { correctionDefaults } from '../../domain/correction.ts'
import { learningDefaults, rolloutDefaults } from '../../domain/learning/numbers.ts'
import { refusalCodes } from '../../domain/refusals.ts'
import { families } from '../../models/families/index.ts'
import { classifierOf } from '../../models/family.ts'

/** A bot as its folder could describe it; what people send to it is as its family says. */
export const testBot = (overrides: Partial<Bot> = {}): Bot => ({
  name: 'fedora-finder',
  channels: ['slack', 'x'],
  family: 'picture-classifier',
  input: classifierOf(families, overrides.family ?? 'picture-classifier').input,
  labels: [
    { id: 'fedora', words: 'fedora' },
    { id: 'no-fedora', words: 'no fedora' },
  ],
  policy: 'primary-then-best',
  unsureBelow: 0,
  askShare: 0,
  questionsPerDay: 50,
  turnsPerThread: 30,
  listensTo: [],
  mediaHosts: 'public',
  commands: ['predict', 'predict-rendezvous', 'fix'],
  answerWithinMs: 3_600_000,
  corrections: correctionDefaults,
  learning: learningDefaults,
  rollout: rolloutDefaults,
  promotion: 'replace',
  starterProfiles: [],
  words: {
    answer: '{label}: {percent} % likely',
    notKnown: 'not sure',
    apology: 'sorry',
    elsewhere: 'not there',
    unsure: '{answer}. I am not sure.',
    wrong: 'Wrong?',
    named: '{name}: {answer}',
    matched: 'You meet {name}, {label}. You: {own}, {percent} %.',
    unmatched: 'You: {own}, {percent} %. Nobody new yet.',
    matchedWith: 'You meet {name}, {label}.',
    everyVersion: '{lines}\nhighest: {highest}\naverage: {average}\nlate: {late}',
    corrections: Object.fromEntries(
      correctionWords.map((word) => [word, `${word} {label} {votes}/{needed}`]),
    ) as Bot['words']['corrections'],
    optOut: { stop: ['stop', 'opt out'], start: ['start', 'opt in'] },
    refusals: Object.fromEntries(refusalCodes.map((code) => [code, code])) as Bot['words']['refusals'],
  },
  ...overrides,
})
