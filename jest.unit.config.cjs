// What needs nothing outside the process and takes seconds: `npm run test:unit`. The long ones with random input are in `npm run test:long`.
const { globalSetup: _setup, globalTeardown: _teardown, ...shared } = require('./jest.config.cjs');

// A package is loaded when it is first used: most specs need a few of those that what they test imports.
const [[files, [transformer, options]]] = Object.entries(shared.transform);
const lazily = { ...options, module: { ...options.module, lazy: true } };

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
