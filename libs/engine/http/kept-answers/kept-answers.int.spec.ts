import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { ApiLog } from '../api-ports';
import { claimMs } from '../limits';
import { holdKey, isKept } from './kept-answers';
import type { HeldKey, KeptAnswer, KeptAnswers } from './kept-answers';
import { postgresKeptAnswers } from './postgres-kept-answers';

jest.setTimeout(60_000);

const request = { scope: 'org_1', key: 'order 1', requestHash: 'ab'.repeat(32), requestId: 'req_1' };
const inForce = (): Promise<void> => Promise.resolve();
const answer = { status: 201, body: '{"id":"rpl_1"}' };

describe('keys of what no journal keeps', () => {
  let testing: TestDatabase;
  let db: Database;
  /** Of two processes. */
  let kept: KeptAnswers;
  let others: KeptAnswers;

  const warned: unknown[] = [];
  const nothing = (): void => undefined;
  const log: ApiLog = {
    ...{ debug: nothing, info: nothing, error: nothing },
    warn: (...said) => warned.push(said),
  };

  beforeAll(async () => {
    testing = await testDatabase();
    db = connect({ connectionString: testing.url, max: 4, statementTimeoutMs: 30_000 });
    [kept, others] = [postgresKeptAnswers(db), postgresKeptAnswers(db)];
  });
  beforeEach(() => db.query('truncate meta.kept_answers'));
  afterAll(async () => {
    await db.close();
    await testing.drop();
  });

  const held = async (from: KeptAnswers): Promise<HeldKey> =>
    (await holdKey(from, log, request, inForce)) as HeldKey;
  const endsItsClaim = () =>
    db.query("update meta.kept_answers set claimed_at = claimed_at - $1 * interval '1 ms'", [claimMs + 1]);

  it('have their first answer, in every process', async () => {
    await (await held(kept)).end(answer);
    expect(await holdKey(others, log, request, inForce)).toEqual(answer);
    expect(await holdKey(kept, log, request, inForce)).toEqual(answer);
  });

  it('are those of one ledger, or one organization', async () => {
    await (await held(kept)).end(answer);
    const elsewhere = await holdKey(others, log, { ...request, scope: 'led_1' }, inForce);
    expect(isKept(elsewhere)).toBe(false);
    await (elsewhere as HeldKey).end(answer);
  });

  it('are refused for another request', async () => {
    await (await held(kept)).end(answer);
    const other = holdKey(others, log, { ...request, requestHash: 'cd'.repeat(32) }, inForce);
    await expect(other).rejects.toMatchObject({ code: 'idempotency_key_reused', status: 422 });
  });

  it('are free again when the request was refused', async () => {
    await (await held(kept)).end({ status: 409, body: '{}' });
    await (await held(others)).end(answer);
    expect(await holdKey(kept, log, request, inForce)).toEqual(answer);
  });

  it('are no reason to fail for what is done, where the database is not there at its end', async () => {
    const lost = connect({ connectionString: testing.url, max: 1, statementTimeoutMs: 30_000 });
    const [done, refused] = await Promise.all(
      ['done', 'refused'].map((key) => holdKey(postgresKeptAnswers(lost), log, { ...request, key }, inForce)),
    );
    await lost.close();
    await (done as HeldKey).end(answer);
    await (refused as HeldKey).end({ status: 409, body: '{}' });
    const line = [{ problem: expect.any(String), request_id: 'req_1' }, 'the answer could not be kept'];
    expect(warned).toEqual([line, line]);
  });

  it('have a second request wait for the first', async () => {
    const first = await held(kept);
    const ended: (HeldKey | KeptAnswer)[] = [];
    const second = holdKey(others, log, request, inForce).then((one) => ended.push(one));
    await delay(200);
    expect(ended).toEqual([]);
    await first.end(answer);
    await second;
    expect(ended).toEqual([answer]);
  });

  it.each([
    ['is refused', { status: 409, body: '{}' }],
    ['is answered', answer],
  ])('are nothing for whose API key is revoked while it waits for a request that %s', async (_, ended) => {
    const first = await held(kept);
    let isInForce = true;
    const revoked = new Error('revoked');
    const second = holdKey(others, log, request, () =>
      isInForce ? Promise.resolve() : Promise.reject(revoked),
    ).catch((error: unknown) => error);
    await delay(100);
    isInForce = false;
    await first.end(ended);
    expect(await second).toBe(revoked);
    // It holds nothing: the next one is answered, or has the key.
    expect(isKept(await holdKey(kept, log, request, inForce))).toBe(ended === answer);
  });

  it('are had by one of many that come at once', async () => {
    let done = 0;
    const all = await Promise.all(
      Array.from({ length: 20 }, async (_, n) => {
        const one = await holdKey(n % 2 === 0 ? kept : others, log, request, inForce);
        if (isKept(one)) return one;
        done += 1;
        await one.end(answer);
        return answer;
      }),
    );
    expect(done).toBe(1);
    expect(all).toEqual(all.map(() => answer));
  });

  it('can be had by another request when the first has said nothing for long, as its process ended', async () => {
    const [lost, next] = [randomUUID(), randomUUID()];
    expect(await kept.claim(request, lost)).toEqual({ kind: 'claimed' });
    await endsItsClaim();
    await kept.renew(request, lost);
    expect(await others.claim(request, next)).toEqual({ kind: 'under_way' });
    await endsItsClaim();
    expect(await others.claim(request, next)).toEqual({ kind: 'claimed' });
    // The first one was only slow: what it says by now is no longer asked for.
    await kept.keep(request, lost, { status: 200, body: '{"late":true}' });
    await kept.giveUp(request, lost);
    await others.keep(request, next, answer);
    expect(await holdKey(kept, log, request, inForce)).toEqual(answer);
  });
});
