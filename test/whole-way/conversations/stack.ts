import { useStack } from '../use-stack.ts'

/** The whole product with two bots, for all tests of conversations.test.ts: to start it costs more than most of them. */
export const { stack, temporal } = useStack({ bots: ['fedora-finder', 'team-router'] })
