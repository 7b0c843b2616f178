import { LocalProblem } from '../problem.ts'
import { repositoryRoot } from '../processes/node-child.ts'
import { lastLines, run } from '../processes/programs.ts'

/** Tests that take minutes each: they run when they are asked for. */
const long = 'test/long/'

/** Tests that start the product: the rest stand beside the file that they test. */
const whole = 'test/'

/** Those that take longest begin first, so that none of them is left alone at the end. */
const longest = ['test/stories/', 'test/whole-way/', 'test/workflows/', 'test/', 'models/']
const turnOf = (file: string) => longest.findIndex((folder) => file.startsWith(folder)) >>> 0
const byLength = (one: string, other: string): number => turnOf(one) - turnOf(other) || (one < other ? -1 : 1)

export interface Selection {
  /** Only tests that stand beside their file. */
  readonly unitOnly?: boolean
}

/**
 * The files whose path contains one of the patterns; without patterns all of them but the long ones. A leading `./` does not
 * count.
 */
export function selectFiles(
  files: readonly string[],
  patterns: readonly string[],
  { unitOnly = false }: Selection = {},
): readonly string[] {
  const wanted = patterns.map((pattern) => pattern.replace(/^\.\//, ''))
  return files
    .filter((file) => (wanted.length === 0 ? !file.startsWith(long) : wanted.some((pattern) => file.includes(pattern))))
    .filter((file) => !unitOnly || !file.startsWith(whole))
}

/**
 * The test files of the work tree, ignored ones left out, deleted ones too.
 * @throws LocalProblem when git cannot tell, or there is none to run: a run of nothing must not look like a pass.
 */
export async function findTestFiles(
  patterns: readonly string[],
  selection: Selection = {},
): Promise<readonly string[]> {
  const list = (...flags: readonly string[]) =>
    run('git', ['ls-files', ...flags, '--exclude-standard', '*.test.ts'], { cwd: repositoryRoot, timeoutMs: 30_000 })
  const [present, deleted] = await Promise.all([list('-co'), list('-d')])
  if (present.code !== 0)
    throw new LocalProblem(
      `git cannot list the test files: ${lastLines(present.stderr)}`,
      'run npm test in a git work tree, with git on PATH',
    )
  const gone = new Set(deleted.stdout.split('\n'))
  const files = present.stdout.split('\n').filter((file) => file !== '' && !gone.has(file))
  const chosen = selectFiles([...new Set(files)].toSorted(byLength), patterns, selection)
  if (chosen.length > 0) return chosen
  const what = patterns.length > 0 ? `no test file matches ${patterns.join(', ')}` : 'there are no test files'
  throw new LocalProblem(what, 'a pattern is a part of a path, such as store/ or reply.test.ts')
}
