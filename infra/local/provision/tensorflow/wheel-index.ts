import { createWriteStream } from 'node:fs'
import { basename } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { EnvHttpProxyAgent, fetch } from 'undici'
import { inheritedEnvironment } from '../../../config.ts'
import { LocalProblem } from '../../problem.ts'
import { sha256Of } from '../checksum.ts'

/** One file of a package on a Python index. */
export interface IndexFile {
  readonly name: string
  readonly url: string
  /** Lower-case hex, as the index lists it. */
  readonly sha256: string | undefined
}

const unescape = (text: string) => text.replaceAll('&amp;', '&').replaceAll('&gt;', '>').replaceAll('&lt;', '<')

/** The files of a page in the simple format of PEP 503; addresses are made absolute with `pageUrl`. */
export function parseIndexPage(html: string, pageUrl: string): readonly IndexFile[] {
  return [...html.matchAll(/<a\s[^>]*?href="([^"]+)"/gi)].map((match) => {
    const url = new URL(unescape(match[1] ?? ''), pageUrl)
    const sha256 = /^#sha256=([0-9a-f]{64})$/i.exec(url.hash)?.[1]?.toLowerCase()
    url.hash = ''
    return { name: decodeURIComponent(basename(url.pathname)), url: url.href, sha256 }
  })
}

const machineTags: Readonly<Record<string, RegExp>> = {
  'linux-x64': /manylinux\w*_x86_64/,
  'linux-arm64': /manylinux\w*_aarch64/,
  'darwin-x64': /macosx_\d+_\d+_x86_64/,
  'darwin-arm64': /macosx_\d+_\d+_arm64/,
}

/** The wheel for this machine (PEP 427 names): pure ones serve everywhere, CPython ones are taken for 3.11, none of it is run. */
export function chooseWheel(files: readonly IndexFile[], version: string, platform: string): IndexFile | undefined {
  const machine = machineTags[platform]
  return files.find(({ name }) => {
    const [, found, python = '', , tags = ''] = name.replace(/\.whl$/, '').split('-')
    if (!name.endsWith('.whl') || found !== version) return false
    return /(?:^|\.)(?:py3|cp311)/.test(python) && (tags === 'any' || machine?.test(tags) === true)
  })
}

/** User and password of an address go into a header: `fetch` refuses them in the address, and messages must not show them. */
function requestOf(address: string) {
  const url = new URL(address)
  const secret =
    url.username === '' ? undefined : `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
  url.username = ''
  url.password = ''
  return { url: url.href, headers: secret ? { authorization: `Basic ${Buffer.from(secret).toString('base64')}` } : {} }
}

const indexUrl = () => {
  const env = inheritedEnvironment()
  return (env['PIP_INDEX_URL'] ?? env['PIP_INDEX'] ?? 'https://pypi.org/simple').replace(/\/+$/, '')
}

async function get(address: string, minutes: number) {
  const { url, headers } = requestOf(address)
  const signal = AbortSignal.timeout(minutes * 60_000)
  const response = await fetch(url, { headers, signal, dispatcher: new EnvHttpProxyAgent() })
  if (!response.ok || response.body === null) throw new Error(`${new URL(url).host} answered ${response.status}`)
  return { response, body: response.body }
}

/**
 * Downloads a wheel from the index in PIP_INDEX_URL (PyPI if unset) without any Python, checked against the index's own hash.
 * @throws LocalProblem when there is no wheel for this machine or the hash differs; network errors as they are.
 */
export async function downloadWheel(
  name: string,
  version: string,
  target: { readonly folder: string; readonly platform: string },
) {
  const page = `${indexUrl()}/${name}/`
  const files = parseIndexPage(await (await get(page, 1)).response.text(), requestOf(page).url)
  const wheel = chooseWheel(files, version, target.platform)
  if (!wheel)
    throw new LocalProblem(`there is no wheel of ${name} ${version} for ${target.platform}`, 'use a supported platform')
  const file = `${target.folder}/${wheel.name}`
  // Only an address on the index's own host gets the index's password.
  const sameHost = new URL(wheel.url).host === new URL(page).host
  const signed = new URL(wheel.url)
  if (sameHost) [signed.username, signed.password] = [new URL(page).username, new URL(page).password]
  const { body } = await get(signed.href, 30)
  await pipeline(Readable.fromWeb(body), createWriteStream(file))
  if (wheel.sha256 !== undefined && (await sha256Of(file)) !== wheel.sha256)
    throw new LocalProblem(`${wheel.name} does not match the hash of its index`, 'run the command again')
  return file
}
