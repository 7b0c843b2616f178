import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { run } from '../../infra/local/processes/programs.ts'
import { families } from '../../models/families/index.ts'

/* Who asks a family by its name would have to be changed for the next one: what differs stands in its descriptor. */

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Where families are at home, where somebody chooses one, and tests. */
const mayName = (file: string): boolean =>
  /^(?:models\/families|bots|workers\/starter|test)\//.test(file) || /\.test\.tsx?$|(?:^|\/)testing\//.test(file)

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)

/** A name of several words is one wherever it stands; a single word may be an ordinary one, unless it is quoted or a folder. */
const patternOf = (name: string): RegExp =>
  name.includes('-')
    ? new RegExp(String.raw`\b${escaped(name)}\b`)
    : new RegExp(String.raw`(['"\`])${escaped(name)}(?:-\d+)?\1|families/${escaped(name)}\b`)

/** Every line of a file that names a family: `file:line: name`. */
const namesIn = (file: string, text: string, names: readonly string[]): readonly string[] =>
  text
    .split('\n')
    .flatMap((line, at) =>
      names.filter((name) => patternOf(name).test(line)).map((name) => `${file}:${at + 1}: ${name}`),
    )

const names = Object.keys(families)

test('no family is named outside its folder, the bots, the starter recipes and the tests', async () => {
  const patterns = ['*.ts', '*.tsx', '*.mjs', '*.js', '*.sql', '*.json', '*.yml', '*.yaml']
  const { stdout } = await run('git', ['ls-files', '-co', '--exclude-standard', '--', ...patterns], {
    cwd: root,
    timeoutMs: 30_000,
  })
  const files = stdout.split('\n').filter((file) => file !== '' && !mayName(file))
  // That most of the product was looked at shows that the list is the right one.
  for (const known of ['workers/inference.ts', 'domain/bot.ts', 'web/main.tsx', 'store/migrations/0002_models.sql'])
    assert(files.includes(known), known)
  const found: string[] = []
  for (const file of files) {
    // A file that was deleted and not yet committed is in the list too.
    const text = await readFile(`${root}/${file}`, 'utf8').catch(() => '')
    found.push(...namesIn(file, text, names))
  }
  assert.deepEqual(found, [])
})

test('the guard finds names where they are planted', async () => {
  const text = await readFile(new URL('fixtures/named-family.ts', import.meta.url), 'utf8')
  assert.deepEqual(namesIn('api/planted.ts', text, names), [
    'api/planted.ts:2: picture-classifier',
    'api/planted.ts:4: text-classifier',
  ])
})

test('a family whose name is an ordinary word is found where it is quoted or a folder, and nowhere else', () => {
  const text = [
    "const isTone = family === 'tone'",
    "import { x } from '../models/families/tone/x.ts'",
    "const trainer = 'tone-2'",
    '// the tone of a reply',
    "app.get('/tone', answer)",
  ].join('\n')
  assert.deepEqual(namesIn('a.ts', text, ['tone']), ['a.ts:1: tone', 'a.ts:2: tone', 'a.ts:3: tone'])
})
