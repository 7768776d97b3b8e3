import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { accountKey, ledgerKey } from '../../read-model/keys';
import type { AccountChange, AccountState } from './account-change';
import { saveAccounts } from './store';

const ledgerId = 'led_totals';
const address = 'cash';
const key = accountKey(ledgerId, address);

describe('saving accounts', () => {
  let testing: TestDatabase;
  let db: Database;

  beforeAll(async () => {
    testing = await testDatabase();
    db = connect({ connectionString: testing.url, statementTimeoutMs: 30_000 });
  });
  afterAll(async () => {
    await db.close();
    await testing.drop();
  });

  const totalsOf = (debits: string, credits: string): Omit<AccountState, 'version'> => ({
    postedDebits: debits,
    postedCredits: credits,
    pendingDebits: '0',
    pendingCredits: credits,
  });
  const change = (more: Partial<AccountChange> & Pick<AccountChange, 'version'>): AccountChange => ({
    accountKey: key,
    ledgerKey: ledgerKey(ledgerId),
    address,
    versionBefore: more.version - 1,
    ...more,
  });
  const moved = (version: number, before: readonly [string, string], after: readonly [string, string]) =>
    change({
      version,
      totals: { ...totalsOf(...after), version },
      totalsBefore: totalsOf(...before),
    });
  const save = (row: AccountChange) => db.transaction((sql) => saveAccounts(sql, [row]));
  const stored = async () =>
    (
      await db.query<Record<string, string>>(
        'select posted_debits::text d, posted_credits::text c, pending_credits::text p, version::text v from read.accounts where account_key = $1',
        [key],
      )
    ).rows[0];

  it('writes totals of any size, and refuses those that do not follow', async () => {
    const large = '9'.repeat(30);
    const edge = '9'.repeat(15);
    const beyond = '1' + '0'.repeat(15);
    await save(
      change({
        version: 0,
        opened: { revision: 0, atMs: 0 },
        terms: {
          address,
          type: 'asset',
          currency: 'USD',
          status: 'open',
          minBalance: null,
          maxBalance: null,
          metadata: {},
        } as unknown as NonNullable<AccountChange['terms']>,
      }),
    );
    await save(moved(1, ['0', '0'], [edge, '1']));
    expect(await stored()).toEqual({ d: edge, c: '1', p: '1', v: '1' });
    await save(moved(2, [edge, '1'], [beyond, '1']));
    expect(await stored()).toEqual({ d: beyond, c: '1', p: '1', v: '2' });
    await save(moved(3, [beyond, '1'], [large, `-${edge}`]));
    expect(await stored()).toEqual({ d: large, c: `-${edge}`, p: `-${edge}`, v: '3' });

    await expect(save(moved(4, [beyond, `-${edge}`], ['5', '5']))).rejects.toThrow(/cash/);
    await expect(save(moved(5, [large, `-${edge}`], ['5', '5']))).rejects.toThrow(/cash/);
    expect(await stored()).toEqual({ d: large, c: `-${edge}`, p: `-${edge}`, v: '3' });

    await save(moved(4, [large, `-${edge}`], ['5', '5']));
    await expect(save(moved(5, ['4', '5'], ['6', '5']))).rejects.toThrow(/cash/);
    expect(await stored()).toEqual({ d: '5', c: '5', p: '5', v: '4' });
  });
});
