// Who may import whom: one table, turned into ESLint rules by eslint.config.mjs. The prose is in the folder READMEs.
// `values`: our folders it may import values from. `types`: folders (or single files) it may import types from, besides those.
// `packages`: third-party packages and Node built-ins it may use; `undefined` means any.

export const layers = [
  { folder: 'domain', values: [], types: [], packages: [] },
  {
    folder: 'workflows',
    values: ['domain'],
    types: [
      'activities/contract.ts',
      'activities/correction-contract.ts',
      'activities/learning-contract.ts',
      'activities/rollout-contract.ts',
    ],
    packages: ['@temporalio/workflow', '@temporalio/common'],
  },
  {
    folder: 'activities',
    values: ['domain', 'operations', 'store'],
    types: ['adapters', 'infra/temporal', 'models'],
    packages: ['@temporalio/activity', '@temporalio/common', 'node:crypto'],
  },
  {
    folder: 'operations',
    values: ['domain', 'store', 'workflows/messages.ts'],
    types: ['infra/temporal'],
    packages: ['node:timers/promises', 'pino'],
  },
  { folder: 'adapters', values: ['domain'], types: [] },
  { folder: 'models', values: ['domain'], types: [] },
  { folder: 'store', values: ['domain'], types: [] },
  {
    folder: 'api',
    values: ['domain', 'operations', 'store'],
    types: ['adapters', 'infra/temporal'],
    packages: [
      'fastify',
      '@fastify/',
      '@temporalio/client',
      'zod',
      'fastify-type-provider-zod',
      'pino',
      'prom-client',
      'node:',
    ],
  },
  // The doors commit and say 200; whatever they need is handed to them.
  {
    folder: 'api/doors',
    values: ['api', 'domain'],
    types: [],
    packages: ['fastify', 'node:'],
  },
  // The shapes of the operator API. A browser loads them too, so they know nothing else of ours.
  { folder: 'api/contract', values: ['domain'], types: [], packages: ['zod'] },
  { folder: 'infra', values: ['domain', 'workflows/messages.ts'], types: ['activities', 'workflows'] },
  { folder: 'simulators', values: ['domain'], types: [] },
  {
    folder: 'web',
    values: ['domain', 'api/contract'],
    types: [],
    packages: [
      'react',
      'react-dom/',
      '@radix-ui/themes',
      'react-markdown',
      'remark-gfm',
      '@tanstack/react-query',
      '@observablehq/plot',
      'wouter',
      'zod',
      'node:',
    ],
  },
  {
    folder: 'cli',
    values: ['domain', 'api/contract', 'infra/config.ts'],
    types: [],
    packages: ['commander', 'hdr-histogram-js', 'zod', 'node:'],
  },
]

/** Composition roots: they may import everything. */
export const compositionRoots = [
  'workers/**',
  'bench/**',
  'test/**',
  'api/main.ts',
  'api/wiring/**',
  'cli/testing/**',
  '**/*.test.ts',
]

const ours = [
  'api',
  'workflows',
  'activities',
  'operations',
  'workers',
  'infra',
  'domain',
  'adapters',
  'models',
  'store',
  'bots',
  'web',
  'cli',
  'simulators',
  'bench',
  'test',
]

const escape = (text) => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&')
const inFolder = (place) => (place.endsWith('.ts') ? `${escape(place)}$` : `${escape(place)}/`)

/** The `no-restricted-imports` patterns of one layer. Paths are matched as written: `../store/db.ts`, `../../store/db.ts`. */
export function patternsOf(layer) {
  const forbidden = ours.filter((folder) => folder !== layer.folder)
  const patterns = forbidden.flatMap((folder) => {
    const values = layer.values.filter((place) => place === folder || place.startsWith(`${folder}/`))
    const types = layer.types.filter((place) => place === folder || place.startsWith(`${folder}/`))
    if (values.includes(folder)) return []
    const exceptValues = values.map(inFolder)
    const exceptTypes = types.map(inFolder)
    const up = '^(?:\\.\\./)+'
    const anyBut = (allowed) => `${up}(?!${allowed.join('|') || '$^'})${escape(folder)}/`
    const rules = [
      {
        regex: anyBut([...exceptValues, ...exceptTypes]),
        message: `${layer.folder}/ may not import ${folder}/ (see eslint.layers.mjs).`,
      },
    ]
    if (exceptTypes.length > 0)
      rules.push({
        regex: `${up}(?!${exceptValues.join('|') || '$^'})(?:${exceptTypes.join('|')})`,
        allowTypeImports: true,
        message: `${layer.folder}/ may import only types from ${types.join(', ')}.`,
      })
    return rules
  })
  const [parent = '', ...inside] = layer.folder.split('/')
  if (inside.length > 0 && !layer.values.includes(parent))
    patterns.push({
      regex: '^\\.\\./(?!\\.\\./)',
      message: `${layer.folder}/ may not import what is beside it (see eslint.layers.mjs).`,
    })
  if (layer.packages) {
    const allowed = layer.packages.map((name) => (/[/:]$/.test(name) ? escape(name) : `${escape(name)}$`))
    patterns.push({
      regex: `^(?![./])(?!${allowed.join('|') || '$^'})`,
      message: `${layer.folder}/ may use only these packages: ${layer.packages.join(', ') || 'none'}.`,
    })
  }
  return patterns
}
