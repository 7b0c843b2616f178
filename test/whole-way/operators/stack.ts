import { useStack } from '../use-stack.ts'
import { adminToken } from '../operator.ts'

export const bots = ['after-dark', 'fedora-finder', 'team-router']

/** The whole product for whoever operates it, for all tests of operators.test.ts: to start it costs more than most of them. */
export const { stack, temporal } = useStack({ bots, env: { LOCAL_ADMIN_TOKEN: adminToken } })
