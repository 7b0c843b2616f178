import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import type { Page } from 'playwright-core'
import { json } from '../../simulators/wire/exchange.ts'
import type { Exchange } from '../../simulators/wire/exchange.ts'
import { dataOf, xInTest } from '../../simulators/x/test-network.ts'
import { xSignature } from '../../simulators/x/webhook.ts'
import { openBrowser, phone, skipWithoutBrowser, untilThereAre } from './support/browser.ts'
import { pngPicture } from './support/pictures.ts'

const options = { skip: skipWithoutBrowser }

/** A bot that answers mentions and direct messages with what it read. */
async function echoOnX(context: TestContext) {
  const network = await xInTest(context)
  const { app, client, webhook } = network
  const answer = async (exchange: Exchange) => {
    const { event_type, payload } = dataOf(exchange)
    if (event_type === 'post.mention.create')
      await client.v2.reply(`echo: ${String(payload['text']).slice(0, 100)}`, String(payload['id']))
    if (event_type !== 'dm.received') return
    const [message] = payload['direct_message_events'] as [
      { message_create: { sender_id: string; message_data: { text: string } } },
    ]
    const { sender_id: to, message_data: said } = message.message_create
    await client.v2.post(`dm_conversations/with/${to}/messages`, { text: `echo: ${said.text}` })
  }
  webhook.answerWith((exchange) => {
    if (exchange.method === 'POST') void answer(exchange)
    const token = xSignature(app.consumerSecret, exchange.query.get('crc_token') ?? '')
    return json(exchange.method === 'GET' ? { response_token: token } : {})
  })
  return { ...network, browser: await openBrowser(context) }
}

const postBy = (page: Page, author: string) => page.getByRole('article', { name: `Post of ${author}` })

async function post(page: Page, text: string): Promise<void> {
  const box = page.getByRole('combobox', { name: "What's happening?" })
  await box.fill(text)
  await box.press('Control+Enter')
}

void test('a person posts a picture to a bot and reads its reply without reloading', options, async (context) => {
  const { browser, simulator, call } = await echoOnX(context)
  const page = await browser.open(simulator.url)
  const box = page.getByRole('combobox', { name: "What's happening?" })
  await box.pressSequentially('is this one? @Fed')
  await page.getByRole('option', { name: '@FedoraFinder' }).waitFor()
  await box.press('Enter')
  assert.equal(await box.inputValue(), 'is this one? @FedoraFinder ')
  await page.getByLabel('Choose files').setInputFiles({ name: 'hat.png', mimeType: 'image/png', buffer: pngPicture })
  await page.getByRole('button', { name: 'Remove hat.png' }).waitFor()
  await page.getByRole('button', { name: 'Post', exact: true }).click()
  await postBy(page, 'ada').getByRole('img', { name: 'Picture 1 of ada' }).waitFor()
  await postBy(page, 'FedoraFinder').getByText('echo: is this one?').waitFor()
  await postBy(page, 'FedoraFinder').getByText('Automated').waitFor()
  const { json: visible } = await call('GET /_sim/posts?account=ada')
  assert.deepEqual(
    (visible['posts'] as { text: string; media: unknown[] }[]).map(({ text, media }) => [text, media.length]),
    [['is this one? @FedoraFinder', 1]],
  )
  assert.deepEqual(browser.faults, [])
})

void test('a person answers a reply by name on the page of the conversation', options, async (context) => {
  const { browser, simulator } = await echoOnX(context)
  const page = await browser.open(simulator.url)
  await post(page, '@FedoraFinder hello')
  await page.getByRole('button', { name: 'Reply to FedoraFinder' }).click()
  const box = page.getByRole('combobox', { name: 'Post your reply' })
  await assertValue(box, '@FedoraFinder ')
  await box.press('End')
  await box.pressSequentially('no, it is a cap')
  await page.getByRole('button', { name: 'Reply', exact: true }).click()
  await page.getByText('echo: @FedoraFinder no, it is a cap').waitFor()
  await untilThereAre(4, page.getByRole('article'))
  await page.getByRole('link', { name: 'Back to Home' }).click()
  await page.getByText('Show all 3 replies').waitFor()
  assert.deepEqual(browser.faults, [])
})

async function assertValue(box: ReturnType<Page['getByRole']>, value: string): Promise<void> {
  await box.and(box.page().locator('textarea')).waitFor()
  for (let tries = 0; (await box.inputValue()) !== value && tries < 50; tries += 1) await box.page().waitForTimeout(50)
  assert.equal(await box.inputValue(), value)
}

void test('direct messages have pictures, and each window can be somebody else', options, async (context) => {
  const { browser, simulator } = await echoOnX(context)
  const [ada, ben] = await Promise.all([browser.open(simulator.url), browser.open(simulator.url)])
  await ben.getByLabel('You are').selectOption('ben')
  for (const [page, text] of [
    [ada, 'from ada'],
    [ben, 'from ben'],
  ] as const) {
    await page.getByRole('link', { name: 'Messages', exact: true }).click()
    await page.locator('.inbox').getByRole('link', { name: 'FedoraFinder' }).click()
    await page.getByLabel('Choose files').setInputFiles({ name: 'hat.png', mimeType: 'image/png', buffer: pngPicture })
    await page.getByRole('combobox', { name: 'Start a message' }).fill(text)
    await page.getByRole('combobox', { name: 'Start a message' }).press('Enter')
    await page.getByRole('img', { name: 'Picture 1 of' }).waitFor()
    await page.getByText(`echo: ${text}`).waitFor()
  }
  assert.equal(await ada.getByText('from ben').count(), 0)
  assert.deepEqual(browser.faults, [])
})

void test('what people write is text, whatever it looks like', options, async (context) => {
  const { browser, simulator, post: write } = await echoOnX(context)
  const hostile = '<img src=x onerror="document.title=1"> javascript:alert(1) https://pictures.example/"onclick=x'
  await write(hostile)
  const page = await browser.open(simulator.url)
  await postBy(page, 'ada').waitFor()
  assert.equal(await postBy(page, 'ada').locator('.text').innerText(), hostile)
  assert.equal(await postBy(page, 'ada').locator('.text img').count(), 0)
  assert.deepEqual(
    await postBy(page, 'ada')
      .locator('.text a')
      .evaluateAll((all) => all.map(String)),
    ['https://pictures.example/'],
  )
  const answer = await fetch(simulator.url)
  assert.match(answer.headers.get('content-security-policy') ?? '', /^default-src 'none'; script-src 'self';/)
  const outside = await fetch(`${simulator.url}/x/page/..%2Fsimulator.ts`)
  assert.equal(outside.status, 404)
  assert.deepEqual(browser.faults, [])
})

void test('the page fits a phone and follows the dark mode', options, async (context) => {
  const { browser, simulator, post: write } = await echoOnX(context)
  await write(`@FedoraFinder ${'averyveryverylongword'.repeat(10)}`)
  const page = await browser.open(simulator.url, { ...phone, colorScheme: 'dark' })
  await postBy(page, 'FedoraFinder').waitFor()
  const width = await page.locator('body').evaluate((body) => (body as unknown as { scrollWidth: number }).scrollWidth)
  assert.ok(width <= 390, `the page is ${width} pixels wide`)
  assert.equal(
    await page.locator('body').evaluate('getComputedStyle(document.body).backgroundColor'),
    'rgb(11, 12, 14)',
  )
  await page.getByRole('link', { name: 'Messages', exact: true }).click()
  await page.getByRole('heading', { name: 'Messages' }).waitFor()
})
