import { controlRoutes } from '../../wire/control.ts'
import type { Route } from '../../wire/routes.ts'
import { methodNames } from '../web-api/methods.ts'
import type { World } from '../world.ts'
import { actionRoutes } from './actions.ts'
import { commandRoutes } from './commands.ts'
import { editRoutes } from './edits.ts'
import { messageRoutes } from './messages.ts'
import { peopleRoutes } from './people.ts'
import { postRoutes } from './posts.ts'
import { viewRoutes } from './views.ts'
import { workspaceRoutes } from './workspace.ts'

/** Downloads and answers to clicks can fail by script too, under these names. */
export const downloads = 'files-pri'
export const answers = 'response_url'

/** Every control call. @param initialScale the speed of the clock after a reset. */
export function routesOf(world: World, initialScale: number): readonly Route[] {
  const methods = [...methodNames, downloads, answers]
  const reset = async () => {
    world.courier.clear()
    world.courier.setAckMs(undefined)
    world.clock.setScale(initialScale)
    world.faults.clear()
    world.limit.set({ enabled: false, perSecond: 1, burst: 1 })
    world.uploads.clear()
    await world.ledger.record({ method: '_sim/reset' })
  }
  return [
    ...messageRoutes(world),
    ...editRoutes(world),
    ...commandRoutes(world),
    ...actionRoutes(world),
    ...viewRoutes(world),
    ...postRoutes(world),
    ...peopleRoutes(world),
    ...workspaceRoutes(world),
    ...controlRoutes({
      ...world,
      methods,
      isMethod: (text) => methods.includes(text),
      registerPicture: (picture) => world.ledger.record({ method: '_sim/pictures', picture }),
      reset,
    }),
  ]
}
