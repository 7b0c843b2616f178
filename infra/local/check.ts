import { runChecks } from './test/checks.ts'
import type { CheckResult } from './test/checks.ts'

/* One check by itself: `npm run lint`, `npm run typecheck`, `npm run format`. */

function report({ title, passed, output, ms }: CheckResult): void {
  process.stdout.write(
    `${passed ? '✔' : '✖'} ${title} (${(ms / 1000).toFixed(1)} s)\n${output === '' ? '' : `${output}\n`}`,
  )
}

const [name = '', ...flags] = process.argv.slice(2)
process.exit((await runChecks({ names: [name], fix: flags.includes('--fix'), report })) ? 0 : 1)
