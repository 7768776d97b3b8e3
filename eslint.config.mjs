import js from '@eslint/js';
import regexp from 'eslint-plugin-regexp';
import globals from 'globals';
import tseslint from 'typescript-eslint';

const judged = 'Use @fintech-ledger/outbound.';

/** What is judged file by file. ESLint's cache is sound for these rules; what needs types is in .oxlintrc.json. */
export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', 'coverage/**', '.data/**', '.cache/**'] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  {
    languageOptions: { globals: globals.node },
    rules: {
      eqeqeq: 'error',
      'no-console': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/no-non-null-assertion': 'error',
    },
  },
  {
    // No backtracking on what a client sends: a text of some kilobytes would hold up every request for seconds.
    files: ['apps/**/*.ts', 'libs/**/*.ts'],
    ignores: ['**/*.spec.ts', 'libs/testing/**'],
    plugins: { regexp },
    rules: {
      'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
      'regexp/no-super-linear-move': ['error', { report: 'potential', ignoreSticky: false }],
    },
  },
  {
    // Nest reads constructor parameter types at run time, so type-only imports would break injection there.
    files: [
      '**/*.controller.ts',
      '**/*.handler.ts',
      '**/*.module.ts',
      '**/*.guard.ts',
      '**/*.interceptor.ts',
      '**/*.filter.ts',
    ],
    rules: { '@typescript-eslint/consistent-type-imports': 'off' },
  },
  {
    files: ['scripts/**', 'apps/ledgerctl/**', 'test/**'],
    rules: { 'no-console': 'off' },
  },
  {
    // What asks the API checks its answers against schemas/openapi.json.
    files: ['test/**/*.ts'],
    ignores: ['test/support/{documented-fetch,http-spec,ledger-client}.ts'],
    rules: {
      'no-restricted-globals': ['error', { name: 'fetch', message: 'Use documentedFetch.' }],
      'no-restricted-imports': [
        'error',
        { name: 'undici', importNames: ['fetch', 'request'], message: 'Use documentedFetch.' },
        { name: 'node:http', importNames: ['get', 'request'], message: 'Use documentedFetch.' },
      ],
    },
  },
  {
    files: ['apps/**/*.ts', 'libs/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: [
            "CallExpression[callee.object.name='AbortSignal'][callee.property.name='any']",
            "CallExpression[callee.property.name='timeout']",
          ].join(' '),
          message: 'Node 20 collects such a timeout as garbage, and it never comes: hold a timer.',
        },
      ],
    },
  },
  {
    // A commit that has passed passes again: its random input comes from its tree.
    files: ['**/*.spec.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...['VariableDeclarator[id.name=/seed$/i]', 'Property[key.name=/seed$/i]'].flatMap((place) =>
          ['MemberExpression[object.name=/^(Date|Math)$/]', 'CallExpression[callee.name=/^random/]'].map(
            (source) => ({ selector: `${place} ${source}`, message: 'Use seedOf of libs/testing/seed.' }),
          ),
        ),
      ],
    },
  },
  {
    // A request that leaves the installation is judged first (libs/platform/outbound). Not those between its own
    // processes, nor those of ledgerctl, which is a client of it.
    files: ['apps/**/*.ts', 'libs/**/*.ts'],
    ignores: [
      '**/*.spec.ts',
      'libs/testing/**',
      'libs/platform/outbound/**',
      'libs/platform/postgres/open-sockets.ts',
      'libs/engine/command-transport/http-forwarder.ts',
      'apps/ledgerctl/**',
    ],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['fetch', 'WebSocket', 'EventSource'].map((name) => ({ name, message: judged })),
      ],
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          paths: [
            ...['undici', 'node:http2', 'node:tls', 'node:dgram', 'http2', 'tls', 'dgram'].map((name) => ({
              name,
              message: judged,
            })),
            ...['node:http', 'node:https', 'http', 'https'].map((name) => ({
              name,
              importNames: ['get', 'request', 'Agent', 'ClientRequest', 'default'],
              message: judged,
            })),
            ...['node:net', 'net'].map((name) => ({
              name,
              importNames: ['connect', 'createConnection', 'Socket', 'default'],
              allowTypeImports: true,
              message: judged,
            })),
          ],
        },
      ],
    },
  },
  {
    files: ['**/*.cjs'],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
);
