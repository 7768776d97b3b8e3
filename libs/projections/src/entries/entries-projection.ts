import { journalPrefix } from '@fintech-ledger/event-contracts';
import { defineProjection } from '@fintech-ledger/projection-runtime';
import { projectEntries } from './project';
import { saveEntries } from './store';

/** Every entry of every account with the balance after it, and what answers balances as of a time on either axis. */
export const entriesProjection = defineProjection({
  name: 'entries',
  version: 1,
  streamPrefixes: [journalPrefix],
  project: projectEntries,
  save: saveEntries,
  reset: async (sql) => {
    await sql.query('truncate read.entries, read.dated_days, read.moments');
  },
});
