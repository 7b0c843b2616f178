import { describe, it } from 'node:test'
import { runStory, type Story } from '../support/story.ts'
import { story as afterDark } from './after-dark.ts'
import { story as fedoraFinder } from './fedora-finder.ts'
import { shortStory as learning } from './learning.ts'
import { story as teamRouter } from './team-router.ts'

/* Each story of `npm run story`, as it is told. */
const stories: Readonly<Record<string, Story>> = {
  'fedora-finder answers on X and in Slack, and is corrected': fedoraFinder,
  'after-dark predicts, is fixed, and introduces people': afterDark,
  'team-router is corrected, learns, rehearses, and is let on stage': learning,
  'team-router answers questions, leaves other talk alone, and is corrected': teamRouter,
}

describe('the stories', { concurrency: 1 }, () => {
  for (const [name, story] of Object.entries(stories))
    it(name, (context) => runStory(story, (line) => context.diagnostic(line)))
})
