import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { FastifyInstance } from 'fastify'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { configOfThisProcess } from '../../../infra/config.ts'
import { buildWeb } from '../../../infra/local/start/web.ts'
import { openBrowser } from '../support/browser.ts'
import { servePages } from './operator-api.ts'
import type { Live } from './operator-api.ts'

/** The built pages in a browser, on the scripted operator API. Nothing is built when the pages are those of the last time. */
export async function openDashboard(context: TestContext, more?: (app: FastifyInstance, live: Live) => void) {
  const cacheFolder = join(configOfThisProcess().home, 'cache')
  const folder = await buildWeb({ cacheFolder, say: (line) => context.diagnostic(line) })
  const server = await servePages(context, folder, more)
  const browser = await openBrowser(context)
  const open = (path: string, options?: BrowserContextOptions) => browser.open(`${server.url}${path}`, options)
  return { ...server, open, faults: browser.faults }
}

/** The conversations in a list of them, one by one. */
export const rows = (page: Page) => page.getByRole('list', { name: 'Conversations' }).getByRole('listitem')
