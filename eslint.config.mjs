import js from '@eslint/js'
import tseslint from 'typescript-eslint'

/** Which package may import which: data flows one way, and only pipelines knows the whole chain. */
const allowed = {
  core: [],
  'tfjs-onnx': [],
  ingest: ['core'],
  features: ['core'],
  evaluate: ['core'],
  model: ['core', 'tfjs-onnx'],
}
const packages = Object.keys(allowed)

const importRules = packages.map((name) => ({
  files: [`packages/${name}/src/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        paths: packages
          .filter((other) => other !== name && !allowed[name].includes(other))
          .map((other) => ({
            name: `@serflow/${other}`,
            message: `${name} may import ${allowed[name].join(', ') || 'no package of ours'}; what one stage hands to the next is a type in core`,
          })),
        patterns: [
          {
            group: ['@serflow/*/*', '!@serflow/core/plain'],
            message: 'other packages see only what src/index.ts exports',
          },
          {
            group: ['**/packages/*', '../../*/src/*', '../../../*/src/*'],
            message: 'import a package by its name, not by its path',
          },
        ],
      },
    ],
  },
}))

export default tseslint.config(
  { ignores: ['**/dist/', '**/generated/', 'node_modules/', 'data/', '.nx/', '**/assembly/'] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  {
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
    },
  },
  {
    files: ['**/*.mjs', '**/*.js'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        Buffer: 'readonly',
        performance: 'readonly',
        setTimeout: 'readonly',
      },
    },
  },
  ...importRules,
)
