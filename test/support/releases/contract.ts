import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { z } from 'zod'

/*
 * What workflows and activities say to each other, as types that need no other file, so that a release can be compared with what came after
 * it. Open workflows of one build meet activities of the next, and the other way round when that build is taken back.
 */

const pathOf = (file: string) => fileURLToPath(new URL(`../../../${file}`, import.meta.url))
const contractFiles = ['contract', 'correction-contract', 'learning-contract', 'rollout-contract'].map(
  (name) => `activities/${name}.ts`,
)
const workflowsFile = 'workflows/index.ts'

const exchange = z.object({ request: z.string(), result: z.string() })
const contractShape = z.object({
  activities: z.record(z.string(), exchange),
  workflows: z.record(z.string(), z.object({ request: z.string() })),
})
/** Of every activity what it is given and what it returns, and of every workflow what it is started with, as TypeScript. */
export type Contract = z.infer<typeof contractShape>

/** The contract that was recorded with a release. */
export const recordedContract = async (release: string): Promise<Contract> =>
  contractShape.parse(JSON.parse(await readFile(pathOf(`test/releases/${release}/contract.json`), 'utf8')))

/** Files that the compiler finds instead of those on disk, by path from the root of the repository. */
type Instead = Readonly<Record<string, string>>

const sources = new Map<string, ts.SourceFile | undefined>()

/** The workflows' own program with further files; sources on disk are parsed once. */
function compile(files: readonly string[], instead: Instead): ts.Program {
  const config = ts.getParsedCommandLineOfConfigFile(pathOf('workflows/tsconfig.json'), undefined, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: (diagnostic) => {
      throw new Error(ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'))
    },
  })
  if (config === undefined) throw new Error('workflows/tsconfig.json cannot be read')
  // JSON leaves out what is undefined.
  const options = { ...config.options, exactOptionalPropertyTypes: false }
  const host = ts.createCompilerHost(options)
  const changed = new Map(Object.entries(instead).map(([file, text]) => [pathOf(file), text]))
  const read = host.getSourceFile.bind(host)
  host.getSourceFile = (name, ...rest) => {
    const text = changed.get(name)
    if (text !== undefined) return ts.createSourceFile(name, text, ts.ScriptTarget.ES2022)
    if (!sources.has(name)) sources.set(name, read(name, ...rest))
    return sources.get(name)
  }
  const exists = host.fileExists.bind(host)
  host.fileExists = (name) => changed.has(name) || exists(name)
  return ts.createProgram(files.map(pathOf), options, host)
}

const isPlain = ({ flags }: ts.Type): boolean =>
  (flags &
    (ts.TypeFlags.StringLike |
      ts.TypeFlags.NumberLike |
      ts.TypeFlags.BooleanLike |
      ts.TypeFlags.Undefined |
      ts.TypeFlags.Null |
      ts.TypeFlags.Void |
      ts.TypeFlags.Unknown)) !==
  0

/** A type with everything that it is made of. @throws Error for what has no place in a history. */
function written(checker: ts.TypeChecker, type: ts.Type): string {
  const of = (each: ts.Type) => written(checker, each)
  if (type.isUnion()) return [...new Set(type.types.map(of))].toSorted().join(' | ')
  if (isPlain(type)) return checker.typeToString(type, undefined, ts.TypeFormatFlags.NoTruncation)
  const [element] = checker.isArrayType(type) ? checker.getTypeArguments(type as ts.TypeReference) : []
  if (element !== undefined) return `readonly (${of(element)})[]`
  if (checker.isTupleType(type) || type.getCallSignatures().length > 0 || (type.flags & ts.TypeFlags.Object) === 0)
    if (!type.isIntersection()) throw new Error(`a contract has no words for ${checker.typeToString(type)}`)
  const fields = checker.getPropertiesOfType(type).map((property) => {
    const optional = (property.flags & ts.SymbolFlags.Optional) !== 0 ? '?' : ''
    return `readonly ${JSON.stringify(property.name)}${optional}: ${of(checker.getTypeOfSymbol(property))}`
  })
  const indexes = checker
    .getIndexInfosOfType(type)
    .map(({ keyType, type: value }) => `readonly [key: ${checker.typeToString(keyType)}]: ${of(value)}`)
  return `{ ${[...fields, ...indexes].toSorted().join('; ')} }`
}

function exportsOf(program: ts.Program, file: string): readonly ts.Symbol[] {
  const source = program.getSourceFile(pathOf(file))
  const module = source && program.getTypeChecker().getSymbolAtLocation(source)
  if (module === undefined) throw new Error(`${file} exports nothing`)
  return program.getTypeChecker().getExportsOfModule(module)
}

/** The interfaces of activities, but for those that only put others together. */
const interfacesIn = (program: ts.Program, file: string) =>
  exportsOf(program, file).filter((each) => each.name.endsWith('Activities') && (each.members?.size ?? 0) > 0)

const firstParameter = (checker: ts.TypeChecker, signature: ts.Signature): string => {
  const [parameter] = signature.getParameters()
  return parameter === undefined ? 'void' : written(checker, checker.getTypeOfSymbol(parameter))
}

/** What is said today. */
export function contractOfToday(): Contract {
  const program = compile([...contractFiles, workflowsFile], {})
  const checker = program.getTypeChecker()
  const signatureOf = (symbol: ts.Symbol): ts.Signature => {
    const [signature] = checker.getTypeOfSymbol(symbol).getCallSignatures()
    if (signature === undefined) throw new Error(`${symbol.name} cannot be called`)
    return signature
  }
  const activities = contractFiles
    .flatMap((file) => interfacesIn(program, file))
    .flatMap((each) => checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(each)))
    .map((symbol) => {
      const signature = signatureOf(symbol)
      const [result] = checker.getTypeArguments(signature.getReturnType() as ts.TypeReference)
      if (result === undefined) throw new Error(`${symbol.name} returns no promise`)
      return [symbol.name, { request: firstParameter(checker, signature), result: written(checker, result) }] as const
    })
  const workflows = exportsOf(program, workflowsFile).map((symbol) => {
    const story = (symbol.flags & ts.SymbolFlags.Alias) !== 0 ? checker.getAliasedSymbol(symbol) : symbol
    return [symbol.name, { request: firstParameter(checker, signatureOf(story)) }] as const
  })
  return { activities: Object.fromEntries(activities), workflows: Object.fromEntries(workflows) }
}

/** One line of a program that compiles when a value of `from` may stand where `to` is expected. */
const accepted = (to: string, from: string) => `export const _: ${to} = undefined as unknown as (${from})`

function linesAbout(released: Contract): readonly (readonly [about: string, line: string])[] {
  const activities = Object.entries(released.activities).flatMap(([name, { request, result }]) => {
    const today = `Today['${name}']`
    const resultToday = `Awaited<ReturnType<${today}>>`
    return [
      [`${name} takes what it was given`, accepted(`Parameters<${today}>[0]`, request)],
      [`${name} returns what was expected`, accepted(result, resultToday)],
      [`${name} may have returned what it did`, accepted(resultToday, result)],
    ] as const
  })
  const workflows = Object.entries(released.workflows).map(
    ([name, { request }]) =>
      [`${name} takes what it was started with`, accepted(`Parameters<typeof workflows.${name}>[0]`, request)] as const,
  )
  return [...activities, ...workflows]
}

/**
 * What does not hold between a release and today, one sentence each.
 * @param instead changed contracts, to see what this finds.
 */
export function incompatibilities(released: Contract, instead: Instead = {}): readonly string[] {
  const names = contractFiles.map((file) => interfacesIn(compile([file], instead), file).map(({ name }) => name))
  const head = [
    ...contractFiles.map((file, index) => `import type { ${names[index]?.join(', ') ?? ''} } from '../${file}'`),
    `import type * as workflows from '../${workflowsFile}'`,
    `type Today = ${names.flat().join(' & ')}`,
  ]
  const lines = linesAbout(released)
  const text = [...head, ...lines.map(([, line], index) => line.replace('const _', `const _${index}`))].join('\n')
  const file = 'workflows/zz-contract.ts'
  const program = compile([file], { ...instead, [file]: text })
  const source = program.getSourceFile(pathOf(file))
  if (source === undefined) throw new Error('the comparison was not compiled')
  const diagnostics = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
  return diagnostics.map(({ start = 0, messageText }) => {
    const about =
      lines[source.getLineAndCharacterOfPosition(start).line - head.length]?.[0] ?? 'the contracts can be read'
    return `not true any more: ${about} (${ts.flattenDiagnosticMessageText(messageText, ' ').slice(0, 300)})`
  })
}
