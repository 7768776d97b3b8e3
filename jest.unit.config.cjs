// What needs nothing outside the process and takes seconds: `npm run test:unit`. The long ones with random input are in `npm run test:long`.
const { globalSetup: _setup, globalTeardown: _teardown, ...shared } = require('./jest.config.cjs');

/** @type {import('jest').Config} */
module.exports = {
  ...shared,
  testPathIgnorePatterns: [
    '/node_modules/',
    '\\.(int|e2e|property)\\.spec\\.ts$',
    '/simulation\\.spec\\.ts$',
  ],
};
