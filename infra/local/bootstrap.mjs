#!/usr/bin/env node
// Runs before `npm ci`, so it uses nothing but what Node brings.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const minimum = [20, 20]

/** Each word's file and the arguments that come before those of the person. */
const commands = {
  start: ['infra/local/start.ts'],
  test: ['infra/local/test.ts'],
  story: ['infra/local/run-named.ts', 'story'],
  bench: ['infra/local/run-named.ts', 'bench'],
  prove: ['infra/local/run-named.ts', 'prove'],
}

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

function run(file, args, where) {
  // A test run must not depend on somebody's settings.
  const settings =
    file !== 'infra/local/test.ts' && existsSync(join(root, '.env')) ? [`--env-file=${join(root, '.env')}`] : []
  const child = spawn(
    process.execPath,
    [...settings, '--import', import.meta.resolve('tsx'), join(root, file), ...args],
    {
      ...where,
      // The channel tells the child when this process is gone.
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    },
  )
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.once('error', (error) => stop(1, `could not run ${file}: ${error.message}`))
  child.once('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1)
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(name)
    process.kill(process.pid, signal)
  })
}

function dispatch(words) {
  const [command = '', ...args] = words
  if (Object.hasOwn(commands, command)) {
    const [file, ...first] = commands[command]
    run(file, [...first, ...args], { cwd: root })
    return
  }
  // Every other word is the operator's command. It stays in the person's folder, where the files are that they name.
  const env = { ...process.env, TSX_TSCONFIG_PATH: join(root, 'tsconfig.json') }
  run('cli/main.ts', words, { env })
}

checkNode()
if (!isInstalled()) install()
dispatch(process.argv.slice(2))
