import { h } from '../../wire/page/dom.js'
import { channelOf, nameOf, person } from './workspace.js'

/** @typedef {import('./workspace.js').Workspace} Workspace @typedef {import('../../wire/page/dom.js').Part} Part */

/** @param {string} text */
const unescaped = (text) => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')

/** Where a click on a link goes: a message of this workspace opens here. @param {string} url */
function linkTo(url) {
  const [, channel, digits] = /^https:\/\/[\w-]+\.slack\.com\/archives\/([CDG][A-Z0-9]+)\/p(\d{7,16})/.exec(url) ?? []
  if (channel === undefined || digits === undefined) return { href: url, target: '_blank', rel: 'noreferrer noopener' }
  const [, thread] = /[?&]thread_ts=(\d+\.\d+)/.exec(url) ?? []
  return { href: `#/${channel}/${thread ?? `${digits.slice(0, -6)}.${digits.slice(-6)}`}` }
}

/** `<…>` in a text: a member, a channel, a group, a link. @param {Workspace} workspace @param {string} inside @returns {Part} */
function reference(workspace, inside) {
  const [target = '', label] = inside.split('|')
  const id = target.slice(1)
  if (target.startsWith('@')) {
    const isMe = id === person() ? ' me' : ''
    return h('span', { class: `mention${isMe}` }, `@${nameOf(workspace, id)}`)
  }
  if (target.startsWith('#'))
    return h('a', { href: `#/${id}`, class: 'mention' }, `#${label ?? channelOf(workspace, id)?.name ?? id}`)
  if (target.startsWith('!'))
    return h('span', { class: 'mention me' }, `@${unescaped(label ?? id.split('^')[0] ?? id)}`)
  const url = unescaped(target)
  if (!/^(?:https?:\/\/|mailto:)/i.test(url)) return `<${unescaped(inside)}>`
  return h('a', linkTo(url), unescaped(label ?? target))
}

const inline =
  /`([^`\n]+)`|<([^<>\n]+)>|(?<![\w*])\*([^\s*](?:[^*\n]*[^\s*])?)\*(?![\w*])|(?<![\w_])_([^\s_](?:[^_\n]*[^\s_])?)_(?![\w_])|(?<![\w~])~([^\s~](?:[^~\n]*[^\s~])?)~(?![\w~])/g

/** @param {Workspace} workspace @param {string} text @returns {readonly Part[]} */
function spans(workspace, text) {
  /** @type {Part[]} */
  const parts = []
  let end = 0
  for (const found of text.matchAll(inline)) {
    const [all, code, inside, bold, slanted, struck] = found
    parts.push(unescaped(text.slice(end, found.index)))
    end = found.index + all.length
    if (code !== undefined) parts.push(h('code', {}, unescaped(code)))
    else if (inside !== undefined) parts.push(reference(workspace, inside))
    else if (bold !== undefined) parts.push(h('strong', {}, spans(workspace, bold)))
    else if (slanted !== undefined) parts.push(h('em', {}, spans(workspace, slanted)))
    else if (struck !== undefined) parts.push(h('s', {}, spans(workspace, struck)))
  }
  return [...parts, unescaped(text.slice(end))]
}

/** Lines, with those that begin with `>` as quotations. @param {Workspace} workspace @param {string} text @returns {readonly Part[]} */
function lines(workspace, text) {
  const groups = text.split(/((?:^|\n)(?:(?:&gt;|>)[^\n]*(?:\n|$))+)/)
  return groups.flatMap((group, at) => {
    if (at % 2 === 0) return spans(workspace, group)
    const quotation = group.trim().replaceAll(/^(?:&gt;|>) ?/gm, '')
    return [h('blockquote', {}, spans(workspace, quotation))]
  })
}

/** Slack's own markup as elements; everything else in it stays text. @param {Workspace} workspace @param {string} text @returns {readonly Part[]} */
export const mrkdwn = (workspace, text) =>
  text
    .split(/```\n?([\s\S]+?)\n?```/)
    .flatMap((part, at) => (at % 2 === 0 ? lines(workspace, part) : [h('pre', {}, unescaped(part))]))

/** A text object of Block Kit. @param {Workspace} workspace @param {{ readonly type: string, readonly text: string }} text @returns {readonly Part[]} */
export const textObject = (workspace, { type, text }) => (type === 'mrkdwn' ? mrkdwn(workspace, text) : [text])
