import type { Stack } from '../stack.ts'
import type { SimulatedPlatform } from './platform.ts'
import { slackPlatform } from './slack.ts'
import { xPlatform } from './x.ts'

/** Both platforms of a stack, X first. */
export const platformsOf = (stack: Stack): readonly SimulatedPlatform[] => [xPlatform(stack), slackPlatform(stack)]
