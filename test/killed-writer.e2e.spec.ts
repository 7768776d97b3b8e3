import { setTimeout as delay } from 'node:timers/promises';
import { DistributedSet } from './support/distributed-set';

jest.setTimeout(180_000);

/** Longer than this test may take: nothing here waits until a lease expires. */
const forEver = { LEASE_TTL_MS: '3600000' };

describe('a writer that is killed', () => {
  let set: DistributedSet;

  beforeAll(async () => {
    const changes = () => Promise.resolve({ 'writer-1': forEver, 'writer-2': forEver });
    set = await DistributedSet.start({ changes });
  });
  afterAll(() => set?.close());

  it('is replaced as soon as the database has seen its session end, not when its lease expires', async () => {
    const { client } = set;
    const { id } = await client.accepted<{ id: string }>('/v1/ledgers', { name: 'Books' });
    const within = `/v1/ledgers/${id}`;
    for (const address of ['a', 'b'])
      await client.accepted(`${within}/accounts`, { address, type: 'asset', currency: 'USD' });
    const transfer = { debit_account: 'a', credit_account: 'b', amount: '1', currency: 'USD' };
    await client.accepted(`${within}/transfers`, transfer, 'before');
    await set.add('writer-2');

    const under = client.post(`${within}/transfers`, transfer, 'meanwhile');
    await set.apps.get('writer-1')?.kill();
    const killedAt = performance.now();
    for (const key of ['meanwhile', 'after']) {
      let reply = key === 'meanwhile' ? await under : await client.post(`${within}/transfers`, transfer, key);
      while (reply.status === 503) {
        await delay(100);
        reply = await client.post(`${within}/transfers`, transfer, key);
      }
      expect(reply.status).toBe(201);
    }
    console.info(`another writer booked ${Math.round(performance.now() - killedAt)} ms after the kill`);
  });
});
