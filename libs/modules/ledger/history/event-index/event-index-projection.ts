import { journalPrefix, streamOwner } from '@fintech-ledger/envelope';
import { copyText } from '@fintech-ledger/postgres';
import { copyRows, defineProjection } from '@fintech-ledger/projection-runtime';
import { ledgerKey } from '../../read-model/keys';
import { projectEventIndex } from './project';

/** Where the events of a type and of an account are. No other query needs it. */
export const eventIndexProjection = defineProjection({
  name: 'events',
  version: 1,
  streamPrefixes: [journalPrefix],
  mayBeRebuilt: true,
  project: projectEventIndex,
  save: (sql, runs) =>
    copyRows(
      sql,
      'read.event_runs (ledger_key, kind, subject, first, last)',
      runs,
      ({ ledgerKey: ledger, kind, subject, first, last }) =>
        `${ledger}\t${kind}\t${copyText(subject)}\t${first}\t${last}`,
    ),
  tables: ['event_runs'],
  contents: {
    event_runs:
      'select ledger_key, kind, subject, revision from event_runs, generate_series(first, last) as revision',
  },
  async resetStream(sql, stream) {
    await sql.query('delete from read.event_runs where ledger_key = $1', [ledgerKey(streamOwner(stream))]);
  },
});
