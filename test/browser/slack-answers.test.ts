import assert from 'node:assert/strict'
import { test } from 'node:test'
import { payloadOf } from '../../simulators/slack/test-workspace.ts'
import { skipWithoutBrowser } from './support/browser.ts'
import { answerIn, askAndOpenThread, choices, echoOnSlack, hat, main, thread, write } from './support/echo-on-slack.ts'

const options = { skip: skipWithoutBrowser }

void test('buttons and menus are clicked, and the changed answer is seen at once', options, async (context) => {
  const { browser, simulator, asked } = await echoOnSlack(context)
  const page = await browser.open(simulator.url)
  await askAndOpenThread(page, '@fedora-finder one')
  await answerIn(page).getByRole('button', { name: 'Wrong' }).click()
  await answerIn(page).getByText('clicked wrong').waitFor()
  await thread(page).getByRole('button', { name: 'Close thread' }).click()
  await askAndOpenThread(page, '@fedora-finder two')
  await answerIn(page).getByRole('combobox', { name: 'Which one?' }).selectOption('no fedora')
  await answerIn(page).getByText('clicked label').waitFor()
  const [first, second] = asked('/interactivity').map(payloadOf)
  assert.equal(first?.actions?.[0]?.['value'], 'opaque')
  assert.deepEqual(second?.actions?.[0]?.['selected_option'], choices[1])
  assert.deepEqual(browser.faults, [])
})

void test('a shortcut opens a modal, which takes text, a choice and a file', options, async (context) => {
  const { browser, simulator, asked } = await echoOnSlack(context)
  const page = await browser.open(simulator.url)
  await askAndOpenThread(page, '@fedora-finder one')
  await answerIn(page).hover()
  await answerIn(page).getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('button', { name: 'Correct this answer' }).click()
  const dialog = page.getByRole('dialog', { name: 'Correct this answer' })
  await dialog.getByLabel('Why?').fill('it has a brim')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.getByText('Please complete this required field.').waitFor()
  await dialog.getByLabel('What is it?').selectOption('a fedora')
  await dialog.getByLabel('Choose files').setInputFiles(hat)
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.waitFor({ state: 'detached' })
  const submission = asked('/interactivity').map(payloadOf).at(-1)
  const values = submission?.view?.state.values as Record<string, Record<string, Record<string, unknown>>>
  assert.equal(values['why']?.['text']?.['value'], 'it has a brim')
  assert.deepEqual(values['label']?.['choice']?.['selected_option'], choices[0])
  assert.equal((values['picture']?.['file']?.['files'] as { name: string }[])[0]?.name, 'hat.png')
  assert.deepEqual(browser.faults, [])
})

void test('a person edits and deletes own messages, and others see it', options, async (context) => {
  const { browser, simulator } = await echoOnSlack(context)
  const [ada, ben] = await Promise.all([browser.open(simulator.url), browser.open(simulator.url)])
  await ben.getByLabel('You are').selectOption({ label: 'Ben' })
  await write(ada, 'one & two')
  const choose = async (entry: string) => {
    await main(ada).getByRole('article').hover()
    await main(ada).getByRole('button', { name: 'More actions' }).click()
    await ada.getByRole('button', { name: entry }).click()
  }
  await choose('Edit message')
  assert.equal(await ada.getByLabel('Edit message').inputValue(), 'one & two')
  await ada.getByLabel('Edit message').fill('three')
  await ada.getByLabel('Edit message').press('Enter')
  await main(ben).getByText('three (edited)').waitFor()
  await main(ben).getByRole('button', { name: 'More actions' }).click()
  assert.equal(await ben.getByRole('button', { name: 'Delete message' }).count(), 0)
  await choose('Delete message')
  await main(ben).getByRole('article').waitFor({ state: 'detached' })
  assert.deepEqual(browser.faults, [])
})
