#!/usr/bin/env node
// The beginning of every command: checks Node, installs the packages, builds what has changed, and runs the built program. It runs before
// `npm ci`, so it uses nothing but what Node brings.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { allParts, build, productParts } from './build.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const minimum = [20, 20]

/** What each word runs, the arguments that come before those of the person, and what has to be built for it. */
const commands = {
  start: { program: 'infra/local/start.js', parts: productParts },
  test: { program: 'infra/local/test.js', parts: allParts },
  'test:unit': { program: 'infra/local/test.js', first: ['--unit'], parts: allParts },
  story: { program: 'infra/local/run-named.js', first: ['story'], parts: allParts },
  bench: { program: 'infra/local/run-named.js', first: ['bench'], parts: allParts },
  prove: { program: 'infra/local/run-named.js', first: ['prove'], parts: allParts },
  build: { parts: productParts },
  lint: { program: 'infra/local/check.js', first: ['lint'], parts: ['processes'] },
  typecheck: { program: 'infra/local/check.js', first: ['typecheck'], parts: ['processes'] },
  format: { program: 'infra/local/check.js', first: ['format', '--fix'], parts: ['processes'] },
}
/** Every other word is the operator's command; it stays in the person's folder, where the files are that they name. */
const operator = { program: 'cli/main.js', parts: ['processes'] }

function stop(code, ...lines) {
  for (const line of lines) console.error(line)
  process.exit(code)
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > minimum[0] || (major === minimum[0] && minor >= minimum[1])) return
  stop(
    1,
    `Understudy needs Node ${minimum.join('.')} or newer; this is ${process.versions.node}.`,
    'Install it from https://nodejs.org or with `nvm install`, then run the command again.',
  )
}

const packagesOf = (path) => JSON.parse(readFileSync(path, 'utf8')).packages ?? {}

/** npm keeps a list of what it installed last; it is compared with what is locked. Optional packages are for some platforms only. */
function isInstalled() {
  const listed = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(listed)) return false
  const installed = packagesOf(listed)
  return Object.entries(packagesOf(join(root, 'package-lock.json'))).every(([path, locked]) => {
    if (path === '') return true
    const found = installed[path]
    if (!found) return locked.optional === true || locked.devOptional === true || locked.peer === true
    return found.version === locked.version && found.integrity === locked.integrity
  })
}

function install() {
  console.error('Installing the packages of package-lock.json (npm ci) …')
  const start = Date.now()
  const npm = process.env.npm_execpath
  const [program, first] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []]
  // Standard output belongs to the command's own results.
  const result = spawnSync(program, [...first, 'ci', '--no-audit', '--no-fund'], { cwd: root, stdio: ['ignore', 2, 2] })
  if (result.status !== 0)
    stop(
      1,
      'npm ci did not work; see above.',
      'Check the network and the registry (npm config get registry), then run the command again.',
    )
  console.error(`Installed in ${((Date.now() - start) / 1000).toFixed(0)} s.`)
}

/** Runs a program that was built, in this process. */
async function run(program, args) {
  const path = join(root, 'dist', program)
  process.argv.splice(1, Infinity, path, ...args)
  await import(pathToFileURL(path).href)
}

async function buildFor(parts) {
  try {
    await build(parts, (line) => console.error(line))
  } catch (error) {
    stop(
      1,
      `It cannot be built: ${error instanceof Error ? error.message : error}`,
      'Correct it, then run the command again.',
    )
  }
}

async function dispatch(words) {
  const [word = '', ...rest] = words
  const isCommand = Object.hasOwn(commands, word)
  const { program, first = [], parts } = isCommand ? commands[word] : operator
  await buildFor(parts)
  // A test run must not depend on somebody's settings.
  const settings = join(root, '.env')
  if (program !== 'infra/local/test.js' && existsSync(settings)) process.loadEnvFile(settings)
  if (isCommand) process.chdir(root)
  if (program !== undefined) await run(program, isCommand ? [...first, ...rest] : words)
}

checkNode()
if (!isInstalled()) install()
await dispatch(process.argv.slice(2))
