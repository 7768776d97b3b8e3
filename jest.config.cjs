const { availableParallelism } = require('node:os');

// ES-module packages that Jest must transform to run them from CommonJS tests.
const esmPackages = [
  '@nestjs',
  'file-type',
  'strtok3',
  'token-types',
  'uint8array-extras',
  '@tokenizer',
  '@borewit',
  'cookie',
  'light-my-request',
  'fastify',
  'load-esm',
  'content-disposition',
  'inflate-raw-tolerant',
  'path-to-regexp',
  // CommonJS, with an import() that Jest can't run as it is.
  '@opentelemetry/otlp-exporter-base',
];

/** @type {import('jest').Config} */
module.exports = {
  // Two fifths of the time are spent waiting for servers; Jest alone would use one worker on two cores. With three, a
  // run takes 33 minutes there instead of 38, and a fourth one gains two more: both cores are busy by then.
  maxWorkers: Math.max(3, availableParallelism() - 1),
  testEnvironment: 'node',
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/test', '<rootDir>/scripts'],
  testMatch: ['**/*.spec.ts'],
  transform: {
    '^.+\\.(t|j|mj)s$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          keepClassNames: true,
        },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esmPackages.join('|')})/)`],
  moduleNameMapper: {
    '^@fintech-ledger/([a-z/-]+)$': ['engine/', 'platform/', 'modules/', ''].map(
      (layer) => `<rootDir>/libs/${layer}$1/index.ts`,
    ),
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^fast-check$': '<rootDir>/libs/testing/seeded-fast-check.cjs',
  },
  globalSetup: '<rootDir>/libs/testing/database/global-setup.ts',
  globalTeardown: '<rootDir>/libs/testing/database/global-teardown.ts',
  testTimeout: 30_000,
};
