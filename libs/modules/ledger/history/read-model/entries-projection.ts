import { journalPrefix, streamOwner } from '@fintech-ledger/envelope';
import { defineProjection } from '@fintech-ledger/projection-runtime';
import { ledgerKey } from '../../read-model/keys';
import { projectEntries } from './project';
import { saveEntries } from './store';

/** Every entry of every account with the balance after it, and what answers balances as of a time on either axis. */
export const entriesProjection = defineProjection({
  name: 'entries',
  version: 1,
  streamPrefixes: [journalPrefix],
  mayBeRebuilt: true,
  project: projectEntries,
  save: saveEntries,
  tables: ['entries', 'dated_days', 'moments'],
  functions: ['revision_at', 'recorded_totals', 'dated_after', 'effective_totals'],
  async resetStream(sql, stream) {
    const key = ledgerKey(streamOwner(stream));
    for (const table of ['entries', 'dated_days']) {
      await sql.query(
        `delete from read.${table} e using read.accounts a where a.ledger_key = $1 and e.account_key = a.account_key`,
        [key],
      );
    }
    await sql.query('delete from read.moments where ledger_key = $1', [key]);
  },
});
