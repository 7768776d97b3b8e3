import { ConfigInvalid, readConfig } from '@fintech-ledger/config';
import { createLogger } from '@fintech-ledger/logging';
import { connect } from '@fintech-ledger/postgres';
import os from 'node:os';
import { openHeadPublisher } from './open-head-publisher';

it.each([
  [
    'a folder that is not there',
    '/nowhere/at/all/heads.ndjson',
    /must be in a folder that exists: there is no \/nowhere\/at\/all/u,
  ],
  ['the place of a folder', os.tmpdir(), /must be a file that can be written \(EISDIR/u],
])('refuses a file of heads in %s, before anything is published', async (_, file, says) => {
  const config = readConfig({}, { AUDIT_HEADS_FILE: file });
  const db = connect({
    connectionString: 'postgresql://nobody@127.0.0.1:1/none',
    max: 1,
    statementTimeoutMs: 1_000,
  });
  const open = () =>
    openHeadPublisher({ config, db, pepper: 'p'.repeat(32), log: createLogger('silent', 'test') });
  expect(open).toThrow(ConfigInvalid);
  expect(open).toThrow(says);
  await db.close();
});
