import { existsSync } from 'node:fs'
import type { TestContext } from 'node:test'
import { chromium } from 'playwright-core'
import type { BrowserContextOptions, Page } from 'playwright-core'

const usualPlaces = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]
const found = usualPlaces.find((path) => existsSync(path))

/** For the `skip` option of a browser test: the reason, or `false` where there is a browser. */
export const skipWithoutBrowser: string | false =
  found === undefined && `there is no Chromium on this machine (looked for ${usualPlaces.join(', ')})`

/** A window of 390 CSS pixels with touch, as a phone has. */
export const phone: BrowserContextOptions = { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true }

/** One browser for a test, which ends with it. */
export interface TestBrowser {
  /** A window of its own, with its own session, at the address. */
  readonly open: (url: string, options?: BrowserContextOptions) => Promise<Page>
  /** What went wrong in any window: exceptions, refused resources and breaches of the content security policy. */
  readonly faults: readonly string[]
}

/** Starts the system's Chromium. Waits of the windows are at most 10 s. */
export async function openBrowser(context: TestContext): Promise<TestBrowser> {
  // Chromium's own sandbox does not work for root, which containers of CI run as.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const browser = await chromium.launch({ ...(found !== undefined && { executablePath: found }), args })
  context.after(() => browser.close())
  const faults: string[] = []
  const open = async (url: string, options: BrowserContextOptions = {}) => {
    const window = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options })
    window.setDefaultTimeout(30_000)
    const page = await window.newPage()
    page.on('pageerror', (error) => faults.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text())
    })
    await page.goto(url)
    return page
  }
  return { open, faults }
}
