// What needs nothing outside the process and takes seconds: `npm run test:unit`. The long ones with random input are in `npm run test:long`.
const { readdirSync, readFileSync } = require('node:fs');
const path = require('node:path');
const { globalSetup: _setup, globalTeardown: _teardown, ...shared } = require('./jest.config.cjs');

// A package, and what a library's index exports, is loaded when it is first used: most specs need little of it.
const { dependencies, devDependencies } = require('./package.json');
const indexes = readdirSync(path.join(__dirname, 'libs'), { recursive: true }).filter((file) =>
  /\bindex\.ts$/.test(file),
);
const exported = indexes.flatMap((file) =>
  [...readFileSync(path.join(__dirname, 'libs', file), 'utf8').matchAll(/ from '(\.[^']+)'/g)].map(
    ([, source]) => source,
  ),
);
const libraries = indexes.map((file) =>
  path.dirname(file).replace(/^(?:(?:engine|platform|modules)\/)?/, '@fintech-ledger/'),
);
const sources = new Set([...Object.keys({ ...dependencies, ...devDependencies }), ...libraries, ...exported]);
const [[files, [transformer, options]]] = Object.entries(shared.transform);
const lazily = { ...options, module: { ...options.module, lazy: [...sources].sort() } };

/** @type {import('jest').Config} */
module.exports = {
  ...shared,
  transform: { [files]: [transformer, lazily] },
  testPathIgnorePatterns: [
    '/node_modules/',
    '\\.(int|e2e|property)\\.spec\\.ts$',
    '/simulation\\.spec\\.ts$',
  ],
};
