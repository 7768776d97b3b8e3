import process from 'node:process';

/** TEST_DATABASE_URL: a server on which tests may create databases, in place of an embedded one of their own. */
export function testDatabaseUrl(): string | undefined {
  return process.env['TEST_DATABASE_URL'] === '' ? undefined : process.env['TEST_DATABASE_URL'];
}
