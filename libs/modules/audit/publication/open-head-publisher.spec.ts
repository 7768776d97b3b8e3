import { readConfig } from '@fintech-ledger/config';
import { createLogger } from '@fintech-ledger/logging';
import { connect } from '@fintech-ledger/postgres';
import { openHeadPublisher } from './open-head-publisher';

it('refuses a file of heads in a folder that is not there, before anything is published', async () => {
  const config = readConfig({}, { AUDIT_HEADS_FILE: '/nowhere/at/all/heads.ndjson' });
  const db = connect({
    connectionString: 'postgresql://nobody@127.0.0.1:1/none',
    max: 1,
    statementTimeoutMs: 1_000,
  });
  const open = () =>
    openHeadPublisher({ config, db, pepper: 'p'.repeat(32), log: createLogger('silent', 'test') });
  expect(open).toThrow(/AUDIT_HEADS_FILE must be in a folder that exists: there is no \/nowhere\/at\/all/);
  await db.close();
});
