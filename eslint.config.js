/**
 * ESLint: what a program can check of the way the code is written. Layers, headers, sizes and names are checked by
 * test/architecture.test.ts.
 * @module
 */
import eslint from '@eslint/js';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';
import { encryptionAlgorithms, integrityAlgorithms } from './core/crypto/algorithms.ts';
import { typedArrayAssertion } from './build/lint/typed-array-assertion.mjs';

const algorithmNames = [...Object.keys(encryptionAlgorithms), ...Object.keys(integrityAlgorithms)].join('|');

const restrictedSyntax = [
  {
    selector: 'ExportDefaultDeclaration',
    message: 'Export by name: a default export has as many names as it has users.',
  },
  { selector: 'ExportAllDeclaration', message: 'Import from the file that owns the name; there are no barrels.' },
];

const noAlgorithmSwitch = {
  selector: `SwitchCase[test.value=/^(${algorithmNames})$/]`,
  message:
    'Add a column to the registry (core/crypto/algorithms.ts) and read it, instead of a switch on algorithm names.',
};

export default tseslint.config(
  { ignores: ['dist/', '**/target/', 'core/tun-tap/index.d.ts', 'core/tun-tap/*.cjs'] },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [eslint.configs.recommended, ...tseslint.configs.recommended],
    plugins: { culvert: { rules: { 'typed-array-assertion': typedArrayAssertion } } },
    languageOptions: {
      parserOptions: {
        project: ['tsconfig.node.json', 'tsconfig.e2e.json', 'tsconfig.renderer.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'separate-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', name: ['test', 'it', 'describe', 'suite'], package: 'node:test' },
          ],
        },
      ],
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', caughtErrors: 'all' }],
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/prefer-promise-reject-errors': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { requireDefaultForNonUnion: true }],
      'culvert/typed-array-assertion': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-restricted-syntax': ['error', ...restrictedSyntax, noAlgorithmSwitch],
      'no-undef': 'off', // the compiler does it
      'prefer-const': 'error',
    },
  },
  { files: ['renderer/**/*.{ts,tsx}'], extends: [reactHooks.configs.flat['recommended-latest']] },
  {
    files: ['core/crypto/algorithms.ts'],
    rules: { 'no-restricted-syntax': ['error', ...restrictedSyntax] },
  },
  {
    files: ['**/*.mjs', '**/*.js'],
    extends: [eslint.configs.recommended],
    languageOptions: {
      globals: Object.fromEntries(
        ['process', 'Buffer', 'console', 'setTimeout', 'clearTimeout', 'URL'].map((name) => [name, 'readonly']),
      ),
    },
    rules: { eqeqeq: ['error', 'always', { null: 'ignore' }], 'prefer-const': 'error' },
  },
);
