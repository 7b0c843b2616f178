import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { answer, payloadOf, refused, slackInTest } from '../test-workspace.ts'

const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
const plain = (text: string) => ({ type: 'plain_text' as const, text })
const input = (id: string, element: object, optional = false) => ({
  ...{ type: 'input' as const, block_id: id, label: plain(id), optional },
  element,
})
const option = (value: string) => ({ text: plain(value), value })
const modal = (more: object = {}) => ({
  type: 'modal' as const,
  title: plain('Which one?'),
  submit: plain('Send'),
  callback_id: 'fix',
  private_metadata: 'opaque',
  blocks: [
    input('why', { type: 'plain_text_input', action_id: 'text' }, true),
    input('label', { type: 'static_select', action_id: 'choice', options: [option('engineer'), option('not')] }),
    input('picture', { type: 'file_input', action_id: 'file' }, true),
  ],
  ...more,
})
const command = { bot: 'fedora-finder', channel: 'C0GENERAL', user: 'U0ADA', command: '/fix', text: '' }

/** A person for whom a modal is open. */
async function withModal(context: TestContext, more: object = {}) {
  const slack = await slackInTest(context)
  const trigger = async () => String((await slack.call('POST /_sim/commands', command)).json['triggerId'])
  const open = async (view: object) => {
    const answered = await slack.client.apiCall('views.open', { trigger_id: await trigger(), view })
    return answered as typeof answered & { readonly view: { readonly id: string; readonly hash: string } }
  }
  const { view } = await open(modal(more))
  const send = (what: object) =>
    slack.call('POST /_sim/views', { viewId: view.id, user: 'U0ADA', values: { label: { choice: 'not' } }, ...what })
  const openViews = async () => (await slack.call('GET /_sim/views?user=U0ADA')).json['views'] as { id: string }[]
  return { ...slack, trigger, open, view, send, openViews }
}

void test('a trigger opens one modal, within 3 seconds, for the app it was given to', async (context) => {
  const { client, call, trigger, openViews, view } = await withModal(context)
  assert.deepEqual(
    (await openViews()).map(({ id }) => id),
    [view.id],
  )
  const open = (trigger_id: string) => client.apiCall('views.open', { trigger_id, view: modal() })
  const used = await trigger()
  await open(used)
  await refused(open(used), 'exchanged_trigger_id')
  const old = await trigger()
  await call('POST /_sim/expire')
  await refused(open(old), 'expired_trigger_id')
  await refused(open('1.2.made-up'), 'invalid_trigger_id')
  await refused(client.apiCall('views.open', { view: modal() }), 'invalid_arguments')
})

void test('a modal that breaks a limit is refused with a pointer to it', async (context) => {
  const { client, trigger } = await withModal(context)
  for (const wrong of [
    { title: plain('x'.repeat(25)) },
    { submit: undefined },
    { private_metadata: 'x'.repeat(3001) },
    { blocks: [input('a', { type: 'nonsense' })] },
  ])
    await refused(
      client.apiCall('views.open', { trigger_id: await trigger(), view: modal(wrong) }),
      'invalid_arguments',
    )
})

void test('a submission carries what was entered, files too', async (context) => {
  const { send, asked, openViews, client } = await withModal(context)
  await send({ values: { why: { text: 'a hat' }, choice: 'engineer' }, files: [{ name: 'hat.png', base64: png }] })
  const payload = payloadOf(asked('/interactivity')[0])
  const values = payload.view?.state.values as Record<string, Record<string, Record<string, unknown>>>
  assert.equal(payload.type, 'view_submission')
  assert.deepEqual([payload.view?.['callback_id'], payload.view?.['private_metadata']], ['fix', 'opaque'])
  assert.deepEqual(values['why'], { text: { type: 'plain_text_input', value: 'a hat' } })
  assert.deepEqual(values['label'], { choice: { type: 'static_select', selected_option: option('engineer') } })
  const [file] = values['picture']?.['file']?.['files'] as { id: string; mimetype: string }[]
  assert.equal(file?.mimetype, 'image/png')
  assert.equal((await client.files.info({ file: file.id })).file?.name, 'hat.png')
  assert.deepEqual(await openViews(), [])
})

void test('what the form itself would not send is not sent', async (context) => {
  const { send, asked } = await withModal(context)
  assert.match(String((await send({ values: {} })).json['detail']), /label\.choice is needed/)
  assert.match(String((await send({ values: { choice: 'pilot' } })).json['detail']), /no such choice/)
  assert.equal((await send({ user: 'U0BEN' })).status, 404)
  assert.equal(asked('/interactivity').length, 0)
})

void test('an acknowledgement can show errors, another modal, one more on top, or clear them all', async (context) => {
  const { send, webhook, openViews, view } = await withModal(context)
  webhook.answerWith(() => answer({ response_action: 'errors', errors: { label: 'not that one' } }))
  const wrong = (await send({})).json
  assert.deepEqual([wrong['closed'], wrong['errors']], [false, { label: 'not that one' }])
  webhook.answerWith(() => answer({ response_action: 'push', view: modal({ callback_id: 'second' }) }))
  await send({})
  assert.equal((await openViews()).length, 2)
  webhook.answerWith(() => answer({ response_action: 'update', view: modal({ callback_id: 'other' }) }))
  await send({})
  const [first] = await openViews()
  assert.deepEqual([first?.id, (first as unknown as { callback_id: string }).callback_id], [view.id, 'other'])
  webhook.answerWith(() => answer('', 500))
  assert.equal((await send({})).json['closed'], false)
  webhook.answerWith(() => answer({ response_action: 'clear' }))
  assert.equal((await send({})).json['closed'], true)
  assert.deepEqual(await openViews(), [])
})

void test('a modal that is closed is told only to an app that wants to know', async (context) => {
  const quiet = await withModal(context)
  assert.equal((await quiet.send({ close: true })).json['sent'], false)
  const told = await withModal(context, { notify_on_close: true })
  await told.send({ close: true })
  assert.equal(payloadOf(told.asked('/interactivity')[0]).type, 'view_closed')
  assert.equal((await told.send({})).status, 404)
})

void test('an open modal is updated by id or its own name, under the newest hash only', async (context) => {
  const { client, view, openViews, open } = await withModal(context, { external_id: 'mine' })
  await assert.rejects(open(modal({ external_id: 'mine' })), /duplicate_external_id/)
  const update = (args: object) => client.apiCall('views.update', { view: modal({ external_id: 'mine' }), ...args })
  await update({ view_id: view.id, hash: view.hash })
  await refused(update({ external_id: 'mine', hash: view.hash }), 'hash_conflict')
  await update({ external_id: 'mine' })
  await refused(update({ view_id: 'V404' }), 'not_found')
  assert.equal((await openViews()).length, 1)
})

void test('a click in a modal has the modal, no address for answers, and a trigger for one more on top', async (context) => {
  const button = { type: 'button', action_id: 'more', text: plain('More') }
  const extra = { blocks: [{ type: 'actions', block_id: 'b', elements: [button] }], submit: undefined }
  const { client, call, view, asked } = await withModal(context, extra)
  const click = async () => {
    await call('POST /_sim/actions', { viewId: view.id, actionId: 'more', user: 'U0ADA' })
    return payloadOf(asked('/interactivity').at(-1))
  }
  const payload = await click()
  assert.deepEqual(payload.container, { type: 'view', view_id: view.id })
  assert.deepEqual([payload.response_url, payload.view?.['id']], [undefined, view.id])
  const push = (trigger_id: string) => client.apiCall('views.push', { trigger_id, view: modal() })
  await push(payload.trigger_id)
  await push((await click()).trigger_id)
  await refused(push((await click()).trigger_id), 'push_limit_reached')
})

void test('a modal that was accepted before the connection was lost is open', async (context) => {
  const { client, call, trigger, openViews } = await withModal(context)
  await call('POST /_sim/faults', { method: 'views.open', kind: 'reset_after_accept', times: 1 })
  await assert.rejects(client.apiCall('views.open', { trigger_id: await trigger(), view: modal() }))
  assert.equal((await openViews()).length, 2)
})
