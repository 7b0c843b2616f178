import js from '@eslint/js'
import reactHooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'
import { compositionRoots, layers, patternsOf } from './eslint.layers.mjs'

/* The rules that need types are in .oxlintrc.json: the same ones, in a tenth of the time. */

/** One file may import TensorFlow, whatever its layer. */
const onlyTensorflowFile = {
  regex: '^@tensorflow/',
  message: 'TensorFlow is imported in models/tensorflow.ts only.',
}
const sdkInternals = { regex: '^@temporalio/[^/]+/(?:src|lib)/', message: 'Temporal internals are not ours to use.' }
const everywhere = [onlyTensorflowFile, sdkInternals]

export default tseslint.config(
  { ignores: ['dist/**', '.understudy/**', 'node_modules/**', 'test/guards/fixtures/**'] },
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strict, tseslint.configs.stylistic],
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-restricted-imports': ['error', { patterns: everywhere }],
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'process.env is read in infra/config.ts only.' },
      ],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
      'object-shorthand': 'error',
      'no-console': 'error',
    },
  },
  { files: ['web/**/*.{ts,tsx}'], ...reactHooks.configs.flat.recommended },
  ...layers.map((layer) => ({
    files: [`${layer.folder}/**/*.{ts,tsx}`],
    ignores: compositionRoots,
    rules: {
      '@typescript-eslint/no-restricted-imports': ['error', { patterns: [...everywhere, ...patternsOf(layer)] }],
    },
  })),
  {
    files: ['models/tensorflow.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { patterns: [sdkInternals, ...patternsOf(layers.find((layer) => layer.folder === 'models'))] },
      ],
    },
  },
  {
    // The build's own settings, in the form that Vite asks for; no page imports them.
    files: ['web/vite.config.ts'],
    rules: { '@typescript-eslint/no-restricted-imports': 'off', 'no-restricted-exports': 'off' },
  },
  { files: ['infra/config.ts'], rules: { 'no-restricted-properties': 'off' } },
  {
    // These talk to a terminal; everything else logs.
    files: ['infra/local/**', 'bench/**', 'simulators/**/main.ts', 'workers/{migrate,starter}.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        fetch: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        Buffer: 'readonly',
        AbortSignal: 'readonly',
      },
    },
  },
)
