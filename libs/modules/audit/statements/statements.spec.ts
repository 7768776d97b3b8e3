import type { LedgerQueries } from '@fintech-ledger/ledger';
import { ReadModelBehind, Refused } from '@fintech-ledger/projection-runtime';
import { statementEntriesMax, statementPageEntries, statementReadMax } from './limits';
import { readStatement } from './read-statement';
import { statementCsv } from './statement-csv';

type Queries = Pick<LedgerQueries, 'account' | 'accountEntries' | 'balance'>;
const period = { to: '2026-02-01T00:00:00.000Z', axis: 'effective' } as const;
const posted = (credits: number) => ({
  posted: { debits: '0', credits: String(credits), balance: String(credits) },
});

/** An account with `count` entries of one; `missing`: how many its balance has more than are listed. */
function accountWith(count: number, missing: () => number = () => 0, effect = 'post'): Queries {
  const entry = (n: number) => ({
    ...{ transaction: `txn_${n}`, effect, direction: 'credit', amount: '1', description: 'a "b", c' },
    ...{ effective_at: '2026-01-05T00:00:00.000Z', recorded_at: '2026-01-05T00:00:00.000Z' },
    ...{ event: { id: 'e', type: 'TransactionPosted', revision: n }, running: posted(n) },
  });
  const queries = {
    account: () => Promise.resolve({ result: { currency: 'USD' }, revision: 9 }),
    accountEntries(
      _ledger: string,
      _address: string,
      _window: object,
      page: { limit: number; cursor?: string },
    ) {
      const first = Number(page.cursor ?? count);
      const last = Math.max(first - page.limit, 0);
      const data = Array.from({ length: first - last }, (_, at) => entry(first - at));
      return Promise.resolve({
        result: { data, next_cursor: last === 0 ? null : String(last) },
        revision: 9,
      });
    },
    balance: (_ledger: string, _address: string, { time }: { time: string }) =>
      Promise.resolve({ result: time < '2026-01-05' ? null : posted(count + missing()), revision: 9 }),
  };
  return queries as unknown as Queries;
}
const read = (queries: Queries) => readStatement(queries, 'led_1', 'cash', period);

describe('a statement', () => {
  it('has all entries in order, over several pages, and adds up', async () => {
    const { result } = await read(accountWith(statementPageEntries + 5));
    expect(result.entries).toHaveLength(statementPageEntries + 5);
    expect(result.entries[0]).toMatchObject({ transaction: 'txn_1', balance: '1' });
    expect(result).toMatchObject({ from: '2026-01-05T00:00:00.000Z', opening_balance: { balance: '0' } });
    expect(result.closing_balance.balance).toBe(String(statementPageEntries + 5));
  });

  it('is read again when something was booked into it meanwhile, and not for ever', async () => {
    let reads = 0;
    const { result } = await read(accountWith(3, () => ((reads += 1) === 1 ? 1 : 0)));
    expect(result.closing_balance.balance).toBe('3');
    await expect(read(accountWith(3, () => 1))).rejects.toThrow(ReadModelBehind);
  });

  it('has a most of entries', async () => {
    const refused = await read(accountWith(statementEntriesMax + 1)).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Refused);
    expect((refused as Refused).refusal.code).toBe('statement_too_long');
    expect((await read(accountWith(statementEntriesMax))).result.entries).toHaveLength(statementEntriesMax);
  });

  it('is made of a most of entries, those that it does not show included', async () => {
    const refused = await read(accountWith(statementReadMax + 1, undefined, 'hold')).catch(
      (error: unknown) => error,
    );
    expect((refused as Refused).refusal).toMatchObject({
      code: 'statement_too_long',
      detail: 'There are more than 100000 entries, holds included, in the period.',
    });
  });

  it('is CSV with the same lines', async () => {
    const { result } = await read(accountWith(1));
    expect(statementCsv(result).split('\r\n')).toEqual([
      'kind,effective_at,recorded_at,transaction,revision,description,direction,amount,balance,currency',
      'opening_balance,2026-01-05T00:00:00.000Z,,,,,,,0,USD',
      'entry,2026-01-05T00:00:00.000Z,2026-01-05T00:00:00.000Z,txn_1,1,"a ""b"", c",credit,1,1,USD',
      'closing_balance,2026-02-01T00:00:00.000Z,,,,,,,1,USD',
      '',
    ]);
  });
});
