import { botIdOf } from '../apps.ts'
import type { SlackApp } from '../apps.ts'
import { stateOf } from '../blocks/fields.ts'
import type { View, Workspace } from './workspace.ts'

type Json = Readonly<Record<string, unknown>>

/** A modal as payloads and methods show it. @param options.values what the person entered. */
export const viewObject = (view: View, app: SlackApp, options: { readonly values?: Json } = {}): Json => ({
  ...view.content,
  id: view.id,
  team_id: app.team,
  state: { values: options.values ?? stateOf(view.content.blocks) },
  hash: view.hash,
  previous_view_id: view.previous ?? null,
  root_view_id: view.root,
  app_id: app.appId,
  app_installed_team_id: app.team,
  bot_id: botIdOf(app),
})

/** The open modals that lie on one another, the newest last. */
export const stackOf = (workspace: Workspace, who: { readonly bot: string; readonly user: string }): readonly View[] =>
  [...workspace.views.values()].filter(({ open, bot, user }) => open && bot === who.bot && user === who.user)

/** The open modal that is named by its id, or by the name that its app gave it. */
export const findView = (
  workspace: Workspace,
  name: { readonly id: string | undefined; readonly externalId: string | undefined },
): View | undefined =>
  [...workspace.views.values()].findLast(
    ({ id, open, content }) =>
      open && (id === name.id || (name.externalId !== undefined && content.external_id === name.externalId)),
  )
