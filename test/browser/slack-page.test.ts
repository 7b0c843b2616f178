import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { eventually } from '../../simulators/wire/webhook-double.ts'
import { phone, skipWithoutBrowser, untilThereAre } from './support/browser.ts'
import { answerIn, askAndOpenThread, boxIn, echoOnSlack, hat, main, thread, write } from './support/echo-on-slack.ts'
import { pngPicture } from './support/pictures.ts'

const options = { skip: skipWithoutBrowser }

void test('a person mentions a bot with a picture and reads the answer in the thread', options, async (context) => {
  const { browser, simulator, posts } = await echoOnSlack(context)
  const page = await browser.open(simulator.url)
  await boxIn(page).pressSequentially('what about @fed')
  await page.getByRole('option', { name: '@fedora-finder' }).waitFor()
  await boxIn(page).press('Tab')
  await boxIn(page).pressSequentially('<b> & https://pictures.example/hat.png')
  await main(page).getByLabel('Choose files').setInputFiles(hat)
  await main(page).getByRole('button', { name: 'Send' }).click()
  await main(page).getByRole('img', { name: 'hat.png' }).waitFor()
  await main(page).getByRole('button', { name: '1 reply' }).click()
  await answerIn(page).getByText('echo: what about').waitFor()
  await untilThereAre(1, answerIn(page).locator('strong', { hasText: 'echo' }))
  await answerIn(page).getByText('Confidence 87 %').waitFor()
  assert.equal(
    await answerIn(page).getByRole('link', { name: 'a link' }).getAttribute('href'),
    'https://pictures.example/a',
  )
  const [asked] = await posts('C0GENERAL')
  assert.equal(asked?.['text'], 'what about <@U0BOT> &lt;b&gt; &amp; <https://pictures.example/hat.png>')
  assert.equal(
    await main(page).locator('.text').first().innerText(),
    'what about @fedora-finder <b> & https://pictures.example/hat.png',
  )
  await thread(page).getByRole('combobox', { name: 'Reply…' }).fill('@fedora-finder again')
  await thread(page).getByRole('combobox', { name: 'Reply…' }).press('Enter')
  await answerIn(page).getByText('echo: again').waitFor()
  assert.deepEqual(browser.faults, [])
})

void test(
  'a command is completed from the list, and only whoever gave it sees the answer',
  options,
  async (context) => {
    const { browser, simulator } = await echoOnSlack(context)
    const [ada, ben] = await Promise.all([browser.open(simulator.url), browser.open(simulator.url)])
    await ben.getByLabel('You are').selectOption({ label: 'Ben' })
    await boxIn(ada).pressSequentially('/e')
    await ada.getByRole('option', { name: '/echo' }).getByText('[words] · Says it again · fedora-finder').waitFor()
    await boxIn(ada).press('Enter')
    await boxIn(ada).pressSequentially('hello')
    await boxIn(ada).press('Enter')
    await main(ada).getByText('you said: hello').waitFor()
    await main(ada).getByText('Only visible to you').waitFor()
    await write(ben, 'this is for everybody')
    await main(ada).getByText('this is for everybody').waitFor()
    await main(ben).getByText('this is for everybody').waitFor()
    assert.equal(await main(ben).getByText('you said').count(), 0)
    await write(ada, '/nonsense')
    await ada.getByText('/nonsense is not a valid command').waitFor()
    assert.equal(await boxIn(ada).inputValue(), '/nonsense')
    assert.deepEqual(browser.faults, [])
  },
)

/** Drops a picture onto the conversation, as from a file manager. The code runs in the browser, hence as text. */
async function dropPicture(page: Page, name: string): Promise<void> {
  const bytes = JSON.stringify([...pngPicture])
  const transfer = await page.evaluateHandle(`(() => {
    const dropped = new DataTransfer()
    dropped.items.add(new File([new Uint8Array(${bytes})], ${JSON.stringify(name)}, { type: 'image/png' }))
    return dropped
  })()`)
  for (const event of ['dragover', 'drop']) await main(page).dispatchEvent(event, { dataTransfer: transfer })
}

void test('a direct conversation is opened by a click, and a picture is dropped into it', options, async (context) => {
  const { browser, simulator, posts } = await echoOnSlack(context)
  const page = await browser.open(simulator.url)
  await page.getByRole('navigation').getByRole('button', { name: 'fedora-finder' }).click()
  await page.getByRole('heading', { name: 'fedora-finder' }).waitFor()
  await dropPicture(page, 'dropped.png')
  await main(page).getByRole('button', { name: 'Remove dropped.png' }).waitFor()
  await write(page, 'just you and me')
  await main(page).getByRole('button', { name: '1 reply' }).waitFor()
  const channel = new URL(page.url()).hash.split('/')[1] ?? ''
  assert.match(channel, /^D/)
  await main(page).getByRole('img', { name: 'dropped.png' }).waitFor()
  assert.deepEqual(
    (await posts(channel)).map(({ text }) => text),
    ['just you and me', 'echo: just you and me'],
  )
  assert.deepEqual(browser.faults, [])
})

const distance = 'messages.scrollHeight - messages.scrollTop - messages.clientHeight'
const twoFrames = 'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))'
/** A picture grows while the list is being scrolled, and is told to have loaded after that. */
const growWhileScrolled = `(async () => {
  const grow = () => {
    const tall = document.createElement('div')
    tall.style.height = '500px'
    tall.style.flex = 'none'
    messages.append(tall)
  }
  grow()
  messages.scrollTop = messages.scrollHeight
  grow()
  await ${twoFrames}
  messages.querySelector('img').dispatchEvent(new Event('load'))
})()`

void test(
  'whoever comes sees the newest message, however tall the pictures before it are',
  options,
  async (context) => {
    const { browser, simulator, call } = await echoOnSlack(context)
    const said = { bot: 'fedora-finder', channel: 'C0GENERAL', user: 'U0BEN' }
    const files = [{ name: 'hat.png', base64: pngPicture.toString('base64') }]
    for (const text of ['one', 'two', 'three', 'four']) await call('POST /_sim/messages', { ...said, text, files })
    const page = await browser.open(simulator.url)
    await main(page).getByRole('img', { name: 'hat.png' }).nth(3).waitFor()
    const isInSight = async () => {
      const last = await main(page).getByRole('article').last().boundingBox()
      const box = await main(page).locator('.composer').boundingBox()
      return last !== null && box !== null && last.y + last.height <= box.y + 1
    }
    await eventually(isInSight)
    const fromEnd = () => page.evaluate<number>(`Math.round(${distance})`)
    await page.evaluate(growWhileScrolled)
    assert.equal(await fromEnd(), 0)
    // Whoever scrolls up stays there.
    await page.evaluate(`messages.scrollTop = 0; ${twoFrames}`)
    await call('POST /_sim/messages', { ...said, text: 'five' })
    await main(page).getByText('five').waitFor()
    assert.equal(await page.evaluate<number>('messages.scrollTop'), 0)
    assert.deepEqual(browser.faults, [])
  },
)

void test('a person has a profile picture, and somebody new can come', options, async (context) => {
  const { browser, simulator, call } = await echoOnSlack(context)
  const page = await browser.open(simulator.url)
  await page.getByRole('button', { name: 'Your profile' }).click()
  await page.getByRole('dialog').getByLabel('Choose files').setInputFiles(hat)
  await page.getByRole('dialog').getByLabel('Become somebody new').fill('Eve')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await write(page, 'I am new')
  await main(page).getByRole('article', { name: 'Message of Eve' }).waitFor()
  const { json: workspace } = await call('GET /_sim/workspace')
  const people = workspace['people'] as { id: string; picture: boolean }[]
  assert.deepEqual(
    people.filter(({ picture }) => picture).map(({ id }) => id),
    ['U0ADA'],
  )
  assert.deepEqual(browser.faults, [])
})

void test(
  'the page fits a phone, with channels and threads over one another, and follows the dark mode',
  options,
  async (context) => {
    const { browser, simulator } = await echoOnSlack(context)
    const page = await browser.open(simulator.url, { ...phone, colorScheme: 'dark' })
    await page.getByRole('button', { name: 'Channels' }).click()
    await page.getByRole('link', { name: 'pictures' }).click()
    await page.getByRole('heading', { name: 'pictures' }).waitFor()
    await askAndOpenThread(page, `@fedora-finder ${'averyveryverylongword'.repeat(10)}`)
    assert.equal(await main(page).isVisible(), false)
    const width = await page
      .locator('body')
      .evaluate((body) => (body as unknown as { scrollWidth: number }).scrollWidth)
    assert.ok(width <= 390, `the page is ${width} pixels wide`)
    assert.equal(
      await page.locator('body').evaluate('getComputedStyle(document.body).backgroundColor'),
      'rgb(22, 24, 28)',
    )
    await thread(page).getByRole('button', { name: 'Close thread' }).click()
    await main(page).getByRole('article').waitFor()
    assert.deepEqual(browser.faults, [])
  },
)
