import { journalPrefix, streamOwner } from '@fintech-ledger/envelope';
import { defineProjection } from '@fintech-ledger/projection-runtime';
import { ledgerKey } from '../../read-model/keys';
import { AccountChanges, projectAccounts } from './project';
import { saveAccounts } from './store';

/** One row per account: its terms and its balance now. */
export const accountsProjection = defineProjection({
  name: 'accounts',
  version: 1,
  streamPrefixes: [journalPrefix],
  mayBeRebuilt: true,
  readsParts: true,
  project: projectAccounts,
  accumulate: () => new AccountChanges(),
  save: saveAccounts,
  tables: ['accounts'],
  async resetStream(sql, stream) {
    await sql.query('delete from read.accounts where ledger_key = $1', [ledgerKey(streamOwner(stream))]);
  },
});
