import { existsSync } from 'node:fs'
import { after, type TestContext } from 'node:test'
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core'
import { eventually } from '../../support/platforms/platform.ts'

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

/** The windows of one test, which end with it. */
export interface TestBrowser {
  /** A window of its own, with its own session, at the address. */
  readonly open: (url: string, options?: BrowserContextOptions) => Promise<Page>
  /** What went wrong in any window: exceptions, refused resources and breaches of the content security policy. */
  readonly faults: readonly string[]
}

/** The system's Chromium, once for all tests of a file: to start it costs more than most of them. */
let chromiumOfThisFile: Promise<Browser> | undefined
after(async () => (await chromiumOfThisFile)?.close())

function startChromium(): Promise<Browser> {
  // Chromium's own sandbox does not work for root, which containers of CI run as.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  return chromium.launch({ ...(found !== undefined && { executablePath: found }), args })
}

/** Windows for a test. Waits in them are at most 30 s. */
export async function openBrowser(context: TestContext): Promise<TestBrowser> {
  const browser = await (chromiumOfThisFile ??= startChromium())
  const faults: string[] = []
  const open = async (url: string, options: BrowserContextOptions = {}) => {
    const window = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options })
    context.after(() => window.close())
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

/** Waits until so many of them are there. */
export const untilThereAre = (count: number, of: Locator): Promise<true> =>
  eventually(async () => ((await of.count()) === count ? true : undefined), {
    timeoutMs: 30_000,
    what: `${count} of ${of.toString()}`,
  })
