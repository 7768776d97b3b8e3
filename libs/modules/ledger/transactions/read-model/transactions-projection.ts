import { journalPrefix, streamOwner } from '@fintech-ledger/envelope';
import { defineProjection } from '@fintech-ledger/projection-runtime';
import { ledgerKey } from '../../read-model/keys';
import { projectTransactions } from './project';
import { saveTransactions } from './store';

/** One row per transaction, as it is now. */
export const transactionsProjection = defineProjection({
  name: 'transactions',
  version: 1,
  streamPrefixes: [journalPrefix],
  mayBeRebuilt: true,
  project: projectTransactions,
  save: saveTransactions,
  tables: ['transactions'],
  async resetStream(sql, stream) {
    await sql.query('delete from read.transactions where ledger_key = $1', [ledgerKey(streamOwner(stream))]);
  },
});
