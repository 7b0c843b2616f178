import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { posix } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { run } from '../../infra/local/processes/programs.ts'

/* What a comment or a page refers to lies in this repository, or is an address: a stranger has to be able to look it up. */

const root = fileURLToPath(new URL('../..', import.meta.url))

async function filesLike(...patterns: readonly string[]): Promise<readonly string[]> {
  const args = ['ls-files', '-co', '--exclude-standard', '--', ...patterns]
  const { stdout } = await run('git', args, { cwd: root, timeoutMs: 30_000 })
  return stdout.split('\n').filter((file) => file !== '')
}

/** A page is found from the root, from the folder of who cites it, or by its name alone; a decision by its number. */
function isThere(pages: ReadonlySet<string>, file: string, cited: string): boolean {
  const number = /^decision (\d{4})$/.exec(cited)?.[1]
  if (number !== undefined) return [...pages].some((page) => page.startsWith(`docs/decisions/${number}-`))
  const places = [posix.normalize(cited), posix.join(posix.dirname(file), cited)]
  return places.some((place) => pages.has(place)) || [...pages].some((page) => posix.basename(page) === cited)
}

/** Files that a program writes or reads elsewhere: no citations. */
const written = new Set(['card.md', 'package/CHANGELOG.md'])

/** Every citation of a text of which nothing is there: `file: name`. */
function deadIn(pages: ReadonlySet<string>, file: string, text: string): readonly string[] {
  const own = text.replaceAll(/https?:\/\/\S+/g, '')
  const cited = own.match(/[\w./-]+\.md\b|\bdecision \d{4}\b/g) ?? []
  return cited.filter((name) => !written.has(name) && !isThere(pages, file, name)).map((name) => `${file}: ${name}`)
}

test('whatever is cited is in the repository', async () => {
  const pages = new Set(await filesLike('*.md'))
  const files = await filesLike('*.ts', '*.tsx', '*.mjs', '*.js', '*.css', '*.sql', '*.md', '*.yml', '*.yaml')
  assert(files.includes('activities/post-once.ts') && pages.has('docs/rules.md'))
  const dead: string[] = []
  for (const file of files) {
    if (file === 'test/guards/citations.test.ts') continue
    // A file that was deleted and not yet committed is in the list too.
    dead.push(...deadIn(pages, file, await readFile(`${root}/${file}`, 'utf8').catch(() => '')))
  }
  assert.deepEqual(dead, [])
})

test('a page or a decision that is not there is found, and an address is not', () => {
  const pages = new Set(['docs/rules.md', 'docs/decisions/0001-the-door.md'])
  const text = 'See docs/rules.md, ../rules.md, DESIGN.md, decision 0001, decision 0099 and https://a.example/slack.md.'
  assert.deepEqual(deadIn(pages, 'docs/decisions/0001-the-door.md', text), [
    'docs/decisions/0001-the-door.md: DESIGN.md',
    'docs/decisions/0001-the-door.md: decision 0099',
  ])
})
