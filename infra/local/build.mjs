// Builds what runs into `dist/`. Plain JavaScript, because it runs before there is anything built; at its top it imports only what Node
// brings, because a build that is kept must cost no more than reading the sources.
import { createHash } from 'node:crypto'
import { cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const dist = join(root, 'dist')

const isTest = (file) => /\.test\.tsx?$|(?:^|\/)testing\//.test(file)
const isProduct = (file) => !isTest(file) && !/^(?:test|bench|web|docs)\//.test(file)
/** Files that are read as they are: bots, migrations, the pages of the simulators. */
const isCopied = (file) =>
  /^bots\/|^store\/migrations\/.*\.sql$|^simulators\/.*\/page\/.*\.(?:html|css|js|svg)$/.test(file) ||
  ['package.json', 'package-lock.json', '.npmrc', 'LICENSE', 'NOTICE'].includes(file)

/** Programs of the product, each the beginning of a process. */
const programs = [
  'api/main.ts',
  'cli/main.ts',
  'workers/main.ts',
  'workers/make-current.ts',
  'workers/migrate.ts',
  'workers/starter.ts',
  'adapters/media/decoder-child.ts',
  'models/training/train-child.ts',
  'simulators/slack/main.ts',
  'simulators/x/main.ts',
  'infra/local/check.ts',
  'infra/local/start.ts',
  'infra/local/test.ts',
  'infra/local/run-named.ts',
  'infra/local/run-tests.ts',
]
const isTestProgram = (file) =>
  file.endsWith('.test.ts') ||
  file.endsWith('/testing/parent-program.ts') ||
  /^(?:bench\/(?:prove\/|shared\/)?|test\/stories\/)[^/]+\.ts$/.test(file)

/** What is built, and which sources decide whether that has to be done again. */
const parts = {
  processes: { of: (file) => (isProduct(file) && file.endsWith('.ts')) || isCopied(file), make: buildProcesses },
  stories: { of: (file) => /^(?:workflows|domain)\/.*\.ts$/.test(file) && !isTest(file), make: buildStories },
  pages: { of: (file) => /^(?:web|domain|api\/contract)\//.test(file) && !isTest(file), make: buildPages },
  tests: { of: (file) => file.endsWith('.ts'), make: buildTests },
}
/** What `npm run build` and `npm start` build; the tests are built by those who run them. */
export const productParts = ['processes', 'stories', 'pages']
export const allParts = Object.keys(parts)

/** Every file of the source folders, from the root, with `/` between its parts. */
async function sourceFiles() {
  const top = await readdir(root, { withFileTypes: true })
  const folders = top.filter((entry) => entry.isDirectory() && !/^(?:\..*|node_modules|dist|docs)$/.test(entry.name))
  const lists = folders.map(async ({ name }) => {
    const entries = await readdir(join(root, name), { recursive: true, withFileTypes: true })
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)))
  })
  const files = [...top.filter((entry) => entry.isFile()).map(({ name }) => name), ...(await Promise.all(lists)).flat()]
  return files.map((file) => file.split(sep).join('/')).toSorted()
}

/** The digest of each file. */
async function digestsOf(files) {
  const digest = async (file) => [
    file,
    createHash('sha256')
      .update(await readFile(join(root, file)))
      .digest('hex'),
  ]
  return new Map(await Promise.all(files.map(digest)))
}

/** What a part is made of, as one digest: its sources, this file, and the versions of all packages. */
function keyOf(part, digests) {
  const hash = createHash('sha256')
  for (const [file, digest] of digests)
    if (parts[part].of(file) || ['package-lock.json', 'infra/local/build.mjs'].includes(file))
      hash.update(`${file} ${digest}\n`)
  return hash.digest('hex')
}

/** Replaces a file in one step, so that a process that starts meanwhile reads the old one or the new one. */
async function put(path, content) {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(`${path}.${process.pid}`, content)
  await rename(`${path}.${process.pid}`, path)
}

/** Code that was built stands in other files than its sources; here `import.meta.url` goes on to say where each source would be. */
const inPlace = (urlOf) => ({
  name: 'in place',
  setup: (build) =>
    build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8')
      const file = relative(root, path).split(sep).join('/')
      return { loader: 'ts', contents: source.replaceAll('import.meta.url', urlOf(file)) }
    }),
})

/** Files of `dist/` that are made under another name each time go when nothing has been built of them for a week. */
const keptForMs = 7 * 24 * 60 * 60_000

async function removeOld(folder) {
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    if (Date.now() - (await stat(path)).mtimeMs > keptForMs) await rm(path, { recursive: true, force: true })
  }
}

/** One bundle per entry, with what several share in chunks; packages stay outside. */
async function bundle(entryPoints, { outdir, urlOf, finish = (text) => text }) {
  const { build, stop } = await import('esbuild')
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints,
    outdir,
    outbase: root,
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    metafile: true,
    write: false,
    plugins: [inPlace(urlOf)],
    logLevel: 'silent',
  }).finally(() => stop())
  await Promise.all(outputFiles.map(({ path, text }) => put(path, finish(text, path))))
  await removeOld(join(outdir, 'chunks'))
  return metafile
}

/** Replaced by the way from a built file to `dist/`, so that `dist/` can be moved. */
const wayToDist = '__WAY_TO_DIST__'

/** The package that an import from outside names; none for what Node brings. */
function packageOf(path) {
  const [first, second] = path.split('/')
  return path.startsWith('node:') ? [] : [path.startsWith('@') ? `${first}/${second}` : first]
}

/** Of each file its digest, and which of our files and which packages it imports: by these a process knows which code it is made of. */
function manifestOf({ inputs }, digests) {
  const ours = Object.entries(inputs).filter(([file]) => digests.has(file))
  return Object.fromEntries(
    ours.map(([file, { imports }]) => {
      const own = imports.filter(({ path }) => digests.has(path)).map(({ path }) => path)
      const packages = imports.filter(({ external }) => external).flatMap(({ path }) => packageOf(path))
      const sorted = (list) => [...new Set(list)].toSorted()
      return [file, { digest: digests.get(file), imports: sorted(own), packages: sorted(packages) }]
    }),
  )
}

async function buildProcesses(digests) {
  const urlOf = (file) => `new URL('${wayToDist}/${file.replace(/\.ts$/, '.js')}', import.meta.url).href`
  const finish = (text, path) => text.replaceAll(wayToDist, relative(dirname(path), dist).split(sep).join('/') || '.')
  const metafile = await bundle(programs, { outdir: dist, urlOf, finish })
  const sources = manifestOf(metafile, digests)
  const { packages: locked } = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8'))
  const used = new Set(Object.values(sources).flatMap(({ packages }) => packages))
  const versions = [...used].toSorted().map((name) => [name, locked[`node_modules/${name}`]?.version ?? 'unknown'])
  await put(join(dist, 'sources.json'), JSON.stringify({ versions: Object.fromEntries(versions), sources }))
  await rm(join(dist, 'bots'), { recursive: true, force: true })
  for (const file of [...digests.keys()].filter(isCopied)) await cp(join(root, file), join(dist, file))
}

async function buildStories() {
  const { bundleWorkflowCode } = await import('@temporalio/worker')
  const nothing = () => undefined
  const logger = { log: nothing, trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing }
  const { code } = await bundleWorkflowCode({ workflowsPath: join(root, 'workflows', 'index.ts'), logger })
  await put(join(dist, 'workflows', 'bundle.js'), code)
}

async function buildPages() {
  const { build } = await import('vite')
  // Under a name of its own first: a reader finds the old pages or the new ones.
  const scratch = join(dist, `web.${process.pid}`)
  await build({ root: join(root, 'web'), logLevel: 'error', build: { outDir: scratch, emptyOutDir: true } })
  await rm(join(dist, 'web'), { recursive: true, force: true })
  await rename(scratch, join(dist, 'web'))
}

/** Tests, benches, proofs and stories. A test finds files beside its source; the code that it tests, where the product has them. */
async function buildTests(digests) {
  const urlOf = (file) =>
    JSON.stringify(
      isProduct(file)
        ? pathToFileURL(join(dist, file.replace(/\.ts$/, '.js'))).href
        : pathToFileURL(join(root, file)).href,
    )
  const entries = [...digests.keys()].filter(isTestProgram)
  await rm(join(dist, 'test'), { recursive: true, force: true })
  await bundle(entries, { outdir: join(dist, 'test'), urlOf })
}

const stampFile = join(dist, 'built.json')

async function readStamp() {
  try {
    return JSON.parse(await readFile(stampFile, 'utf8'))
  } catch {
    return {}
  }
}

/**
 * Builds those of `wanted` whose sources have changed since they were built. `say` is told one line of progress for each.
 * @throws what esbuild, Vite or Temporal's bundler throws, with the place of the mistake.
 */
export async function build(wanted, say) {
  const digests = await digestsOf(await sourceFiles())
  const stamp = await readStamp()
  for (const part of wanted) {
    const key = keyOf(part, digests)
    if (stamp[part] === key) continue
    const start = Date.now()
    await parts[part].make(digests)
    stamp[part] = key
    await put(stampFile, JSON.stringify({ ...(await readStamp()), [part]: key }))
    say(`Built ${part} in ${((Date.now() - start) / 1000).toFixed(1)} s.`)
  }
}
