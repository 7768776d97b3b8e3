import { journalPrefix, streamOwner } from '@fintech-ledger/envelope';
import type { Sql } from '@fintech-ledger/postgres';
import { defineProjection } from '@fintech-ledger/projection-runtime';
import { ledgerKey } from '../../read-model/keys';
import { currencyKey, projectSums } from './project';
import { saveSums } from './store';

/** Sums by time, which make balances as of a moment a few look-ups. No answer waits for it: it is added up without. */
export const sumsProjection = defineProjection({
  name: 'sums',
  version: 1,
  streamPrefixes: [journalPrefix],
  mayBeRebuilt: true,
  readsParts: true,
  project: projectSums,
  save: saveSums,
  tables: ['dated_totals', 'dated_sums', 'currency_totals'],
  functions: ['dated_through', 'dated_change', 'currencies_at'],
  async resetStream(sql, stream) {
    const ledgerId = streamOwner(stream);
    const key = ledgerKey(ledgerId);
    const currencies = (await currenciesOf(sql, key)).map((currency) => currencyKey(ledgerId, currency));
    for (const table of ['dated_totals', 'dated_sums']) {
      await sql.query(
        `delete from read.${table} t using (
           select a.account_key as key from read.accounts a where a.ledger_key = $1
           union all select unnest(string_to_array($2, E'\\n')::uuid[])) k where t.key = k.key`,
        [key, currencies.join('\n')],
      );
    }
    await sql.query('delete from read.currency_totals where ledger_key = $1', [key]);
  },
});

async function currenciesOf(sql: Sql, key: string): Promise<readonly string[]> {
  const { rows } = await sql.query<{ currency: string }>(
    'select currency from read.currencies_at($1::uuid, $2)',
    [key, Number.MAX_SAFE_INTEGER],
  );
  return rows.map(({ currency }) => currency);
}
