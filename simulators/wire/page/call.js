/* global fetch, URLSearchParams */

/** Thrown when the simulator refuses a call; its message is for the person who looks. */
export class Refused extends Error {}

/** @param {Response} response @returns {Promise<any>} */
async function contentOf(response) {
  const content = await response.json().catch(() => ({}))
  if (response.ok) return content
  throw new Refused(String(content.detail ?? content.error ?? content.title ?? `status ${response.status}`))
}

/** @param {string} path @param {Readonly<Record<string, string>>} query @returns {Promise<any>} */
export async function get(path, query = {}) {
  const search = new URLSearchParams(query).toString()
  return contentOf(await fetch(search === '' ? path : `${path}?${search}`))
}

/** @param {string} path @param {unknown} body @returns {Promise<any>} @throws Refused */
export async function post(path, body) {
  const headers = { 'content-type': 'application/json' }
  return contentOf(await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) }))
}
