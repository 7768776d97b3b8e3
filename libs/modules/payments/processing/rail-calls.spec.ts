import type { IntendedEffect } from '@fintech-ledger/journal';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Rail } from '../rails/rail';
import { railCalls } from './rail-calls';

const at = '2026-01-05T12:00:00.000Z';
const { signal } = new AbortController();
const data = { at, payment: 'pay_1', rail: 'test', currency: 'USD', livemode: false, paymentMethod: 'pm_1' };
const effect = (kind: string, more: object = {}): IntendedEffect => ({
  module: 'payments',
  kind,
  key: 'key_1',
  attempt: 1,
  stream: 'journal-led_1',
  organizationId: 'sbx_1',
  data: { ...data, amount: '900', railReference: 'ref_1', ...more },
});
const charge = { capture: true, offSession: false, returnUrl: null };

/** A rail that does not answer. */
const deaf = (): Promise<never> => new Promise(() => undefined);

/** A rail of which one function is there, and what it was asked. */
function runner(methods: Partial<Rail>, callMsMax?: number) {
  const warned: object[] = [];
  const rails = new Map([['test', methods as Rail]]);
  const log = { warn: (facts: object) => void warned.push(facts) };
  const values = { openWhole: <T>(_of: string, value: T) => Promise.resolve(value) };
  const books = { items: () => Promise.resolve([]) };
  const run = railCalls({
    books,
    rails,
    log: log as never,
    values,
    ...(callMsMax !== undefined && { callMsMax }),
  });
  return { run: (of: IntendedEffect, by = signal) => run.run(of, by), warned };
}

describe('the calls of rails', () => {
  it('are made with the key and the time of their event, and what is said is recorded under it', async () => {
    const asked: object[] = [];
    const { run } = runner({
      authorize(call) {
        asked.push(call);
        const answer = { kind: 'captured', railReference: 'ref_1', feeMinor: 32n, availableOn: at } as const;
        return Promise.resolve(answer);
      },
    });
    expect(await run(effect('authorize', charge))).toEqual({
      type: 'RecordRailOutcome',
      payment: 'pay_1',
      refund: null,
      call: 'key_1',
      outcome: { kind: 'captured', railReference: 'ref_1', fee: '32', availableOn: at },
    });
    const money = { amountMinor: 900n, currency: 'USD' };
    const of = { payment: 'pay_1', paymentMethod: 'pm_1', ...charge, ...money };
    expect(asked).toEqual([{ environment: 'sbx_1', key: 'key_1', at, ...of }]);
  });

  it('are recorded of their refund', async () => {
    const { run } = runner({ refund: () => Promise.resolve({ kind: 'refunded', railReference: 'r' }) });
    expect(await run(effect('refund', { refund: 're_1' }))).toMatchObject({
      refund: 're_1',
      outcome: { kind: 'refunded', railReference: 'r' },
    });
  });

  it.each([
    ['fails', () => Promise.reject(new Error('connection reset'))],
    ['says nothing in its time', deaf],
  ])('are unknown when the rail %s', async (_, authorize) => {
    const { run, warned } = runner({ authorize }, 30);
    expect(await run(effect('authorize', charge))).toMatchObject({ outcome: { kind: 'unknown' } });
    expect(warned).toMatchObject([{ payment: 'pay_1', key: 'key_1', kind: 'authorize' }]);
  });

  it('end in their time also when garbage is collected meanwhile', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const running = runner({ authorize: deaf }, 200).run(effect('authorize', charge));
    const collecting = setInterval(collect, 20).unref();
    expect(await running).toMatchObject({ outcome: { kind: 'unknown' } });
    clearInterval(collecting);
  });

  it('tell nothing when a rail that is asked says nothing: it is asked again', async () => {
    const { run } = runner({ ask: () => Promise.reject(new Error('connection reset')) });
    await expect(run(effect('ask', { of: 'authorize' }))).rejects.toThrow('connection reset');
    const other = runner({ ask: () => Promise.resolve({ kind: 'not_known' }) });
    expect(await other.run(effect('ask', { of: 'authorize' }))).toMatchObject({
      outcome: { kind: 'not_known' },
    });
  });

  it('tell nothing when the writer has ended, or where there is no such rail', async () => {
    const ended = new AbortController();
    const { run } = runner({ authorize: deaf });
    const running = run(effect('authorize', charge), ended.signal);
    ended.abort();
    await expect(running).rejects.toThrow('not answered');
    await expect(run(effect('authorize', { ...charge, rail: 'other' }))).rejects.toThrow('no rail other');
  });
});
