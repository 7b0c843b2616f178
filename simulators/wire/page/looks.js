import { h } from './dom.js'
import { icon } from './icons.js'

/** A person's or a bot's sign: a picture when there is one, else letters on a colour that stays theirs. @param {string} name @param {{ readonly bot?: boolean, readonly picture?: string | undefined }} options */
export function avatar(name, { bot = false, picture } = {}) {
  if (picture !== undefined) return h('img', { class: 'avatar', src: picture, alt: '' })
  const colour = [...name].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 8, 7)
  const letters = bot ? icon('robot') : ([...name.replace(/^@/, '')][0] ?? '?').toUpperCase()
  return h('span', { class: `avatar colour-${colour}`, 'aria-hidden': 'true' }, letters)
}

/** @param {Date} date */
export const clockTime = (date) => date.toLocaleTimeString(undefined, { hour: 'numeric', minute: '2-digit' })

/** Time with the full date as its title. @param {Date} date */
export const time = (date) => h('time', { datetime: date.toISOString(), title: date.toLocaleString() }, clockTime(date))

/** @param {Date} date */
export function dayName(date) {
  const day = (/** @type {Date} */ one) => one.toDateString()
  if (day(date) === day(new Date())) return 'Today'
  if (day(date) === day(new Date(Date.now() - 86_400_000))) return 'Yesterday'
  return date.toLocaleDateString(undefined, { weekday: 'long', day: 'numeric', month: 'long' })
}
