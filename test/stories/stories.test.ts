import { after, before, describe, it, type TestContext } from 'node:test'
import { type Stack, startStack } from '../support/stack.ts'
import { narrator, runStory, type Story } from '../support/story.ts'
import { story as afterDark } from './after-dark.ts'
import { story as fedoraFinder } from './fedora-finder.ts'
import { shortStory as learning } from './learning.ts'
import { story as teamRouter } from './team-router.ts'

/* Each story of `npm run story`, as it is told. */

const told = (context: TestContext) => (line: string) => context.diagnostic(line)

const conversations: Readonly<Record<string, Story>> = {
  'fedora-finder answers on X and in Slack, and is corrected': fedoraFinder,
  'after-dark predicts, is fixed, and introduces people': afterDark,
  'team-router answers questions, leaves other talk alone, and is corrected': teamRouter,
}

describe('the stories of conversations, on one stack', { concurrency: 1 }, () => {
  let stack: Stack
  before(async () => {
    const bots = Object.values(conversations).flatMap((story) => story.bots)
    stack = await startStack({ bots, env: { LOG_LEVEL: 'warn' } })
  })
  after(() => stack.close())
  for (const [name, story] of Object.entries(conversations))
    it(name, (context) => story.tell(stack, narrator(told(context))))
})

it('team-router is corrected, learns, rehearses, and is let on stage', (context) => runStory(learning, told(context)))
