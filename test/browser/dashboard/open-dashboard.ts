import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { FastifyInstance } from 'fastify'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { builtFolder } from '../../../infra/local/processes/node-child.ts'
import { openBrowser } from '../support/browser.ts'
import { servePages } from './operator-api.ts'
import type { Live } from './operator-api.ts'

/** The built pages in a browser, on the scripted operator API. */
export async function openDashboard(context: TestContext, more?: (app: FastifyInstance, live: Live) => void) {
  const server = await servePages(context, join(builtFolder, 'web'), more)
  const browser = await openBrowser(context)
  const open = (path: string, options?: BrowserContextOptions) => browser.open(`${server.url}${path}`, options)
  return { ...server, open, faults: browser.faults }
}

/** The conversations in a list of them, one by one. */
export const rows = (page: Page) => page.getByRole('list', { name: 'Conversations' }).getByRole('listitem')
