import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import type { AppProcess } from './support/app-process';
import { DistributedSet } from './support/distributed-set';
import { LedgerClient } from './support/ledger-client';

jest.setTimeout(120_000);

/** Leases live for two seconds here. */
const pausedMs = 3_000;

describe('a writer that was stopped for longer than its lease', () => {
  let set: DistributedSet;
  /** Each by way of an api process of its own. */
  let other: LedgerClient;
  let late: LedgerClient;

  beforeAll(async () => {
    set = await DistributedSet.start();
    const clientOf = async (name: string): Promise<LedgerClient> =>
      new LedgerClient((await set.add(name)).ready['url'] ?? '', set.apiKey);
    [other, late] = [await clientOf('api-2'), await clientOf('api-3')];
  });
  afterAll(async () => {
    for (const one of [other, late]) await one?.close();
    await set?.close();
  });

  it('answers nothing from what it knew before, to api processes that remember it as the owner', async () => {
    const { client } = set;
    const { id } = await client.accepted<{ id: string }>('/v1/ledgers', { name: 'main' });
    for (const [address, minBalance] of [
      ['cash', '0'],
      ['sales', null],
    ]) {
      const account = { address, type: 'liability', currency: 'USD', min_balance: minBalance };
      await client.accepted(`/v1/ledgers/${id}/accounts`, account);
    }
    const move = (by: LedgerClient, from: string, to: string, key: string) => {
      const body = { debit_account: from, credit_account: to, amount: '7', currency: 'USD' };
      return by.post(`/v1/ledgers/${id}/transfers`, body, key);
    };
    for (const one of [client, late])
      expect(await move(one, 'cash', 'sales', 'too early')).toMatchObject({ code: 'insufficient_funds' });
    await set.add('writer-2');
    const { pid } = set.apps.get('writer-1') as AppProcess;
    process.kill(pid, 'SIGSTOP');
    try {
      await delay(pausedMs);
      expect(await move(other, 'sales', 'cash', 'deposit')).toMatchObject({ status: 201 });
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    expect(await move(client, 'cash', 'sales', 'spend')).toMatchObject({ status: 201 });
    expect(await move(other, 'sales', 'cash', 'again')).toMatchObject({ status: 201 });
    // By now it has heard of keys, and of time, what it may have missed; not of what is in the ledger.
    await delay(1_000);
    expect(await move(late, 'cash', 'sales', 'spend again')).toMatchObject({ status: 201 });
    expect(await move(late, 'cash', 'sales', 'spend more')).toMatchObject({ code: 'insufficient_funds' });
    expect(await move(other, 'sales', 'cash', 'deposit')).toMatchObject({ status: 201, isReplayed: true });
  });
});
