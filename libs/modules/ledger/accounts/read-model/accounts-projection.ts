import { journalPrefix, streamOwner } from '@fintech-ledger/envelope';
import { defineProjection } from '@fintech-ledger/projection-runtime';
import { ledgerKey } from '../../read-model/keys';
import { projectAccounts } from './project';
import { saveAccounts } from './store';

/** One row per account: its terms and its balance now. */
export const accountsProjection = defineProjection({
  name: 'accounts',
  version: 1,
  streamPrefixes: [journalPrefix],
  mayBeRebuilt: true,
  project: projectAccounts,
  save: saveAccounts,
  reset: async (sql) => {
    await sql.query('truncate read.accounts');
  },
  async resetStream(sql, stream) {
    await sql.query('delete from read.accounts where ledger_key = $1', [ledgerKey(streamOwner(stream))]);
  },
});
