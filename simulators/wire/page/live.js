/* global document, EventSource, setTimeout */
import { byId } from './dom.js'

/** Changes come in bursts; the page reads once for each burst. */
const gatherMs = 60

/**
 * What happened, as far as every simulator tells it: the page reads the rest.
 * @typedef {{ readonly ts?: string, readonly channel?: string, readonly viewId?: string, readonly reset?: boolean }} Change
 */

/**
 * Calls `refresh` at once, after every burst of changes, and when the connection is there again. One at a time: changes during
 * a refresh lead to one more.
 * @param {() => Promise<void>} refresh
 * @param {(change: Change) => void} [heard] is told of each change.
 * @returns {() => void} asks for a refresh soon.
 */
export function keepFresh(refresh, heard = () => undefined) {
  let waiting = false
  let running = false
  const run = async () => {
    running = true
    waiting = false
    await refresh().catch(() => undefined)
    running = false
    if (waiting) setTimeout(run, gatherMs)
  }
  const soon = () => {
    if (waiting) return
    waiting = true
    if (!running) setTimeout(run, gatherMs)
  }
  const source = new EventSource('/_sim/stream')
  source.addEventListener('change', (event) => {
    heard(JSON.parse(event.data))
    soon()
  })
  source.addEventListener('open', () => {
    document.body.dataset['live'] = 'yes'
    soon()
  })
  source.addEventListener('error', () => {
    document.body.dataset['live'] = 'no'
  })
  soon()
  return soon
}

/** Says something to the person at the foot of the page for a while. @param {string} words */
export function say(words) {
  const place = byId('notice')
  place.textContent = words
  place.hidden = false
  setTimeout(() => {
    if (place.textContent === words) place.hidden = true
  }, 6000)
}

/** Runs what a person asked for; a refusal is told to them. @param {() => Promise<unknown>} work @returns {Promise<boolean>} whether it went well. */
export async function attempt(work) {
  try {
    await work()
    return true
  } catch (error) {
    say(error instanceof Error ? error.message : String(error))
    return false
  }
}
