import { MemoryCheckpointStore } from '@fintech-ledger/checkpoint-store';
import { MemoryEventStore } from '@fintech-ledger/event-store';
import { JournalWriter, joinedDomain, silentObserver } from '@fintech-ledger/journal';
import type { AnyJoinable, AnyPart, EffectRunner, IntendedEffect } from '@fintech-ledger/journal';
import { ledgerDomain } from '@fintech-ledger/ledger';
import { ledgerEvents } from '@fintech-ledger/ledger/domain';
import { paymentEvents } from '@fintech-ledger/payments/domain';
import type { RailOutcome } from '@fintech-ledger/payments/domain';
import { paymentsPart } from '../payments-part';

const stream = 'journal-led_1';
const domain = joinedDomain(
  ledgerEvents.with(paymentEvents),
  { payments: paymentsPart as AnyPart },
  ledgerDomain as AnyJoinable,
);
const command = {
  type: 'CreatePayment',
  ...{
    amount: '10000',
    captureMethod: 'automatic',
    confirm: true,
    currency: 'USD',
    customer: null,
    description: null,
  },
  ...{ livemode: false, metadata: {}, offSession: false, paymentMethod: 'pm_card_visa', rail: null },
  ...{ returnUrl: null, transferGroup: null },
};

/** A writer with a frozen clock, and what it asked of rails. */
async function start(eventStore: MemoryEventStore, answer: (of: IntendedEffect) => RailOutcome | undefined) {
  const asked: string[] = [];
  const checkpoints = new MemoryCheckpointStore();
  const effects: EffectRunner = {
    async run(of, signal) {
      asked.push(of.kind);
      const outcome = answer(of);
      if (outcome === undefined)
        return new Promise((_, reject) =>
          signal.addEventListener('abort', () => reject(new Error('killed'))),
        );
      const { payment } = of.data as { readonly payment: string };
      return Promise.resolve({ type: 'RecordRailOutcome', payment, refund: null, call: of.key, outcome });
    },
  };
  const writer = new JournalWriter(
    stream,
    {
      ...{ domain, eventStore, checkpoints, effects, observer: silentObserver },
      clock: { nowMs: () => Date.parse('2026-01-05T12:00:00.000Z') },
      newCommandId: () => crypto.randomUUID(),
    },
    { cacheRecords: 100 },
  );
  await writer.load();
  return { writer, asked };
}
const typesIn = async (store: MemoryEventStore): Promise<readonly string[]> =>
  (await store.readStream(stream, { limit: 99 })).map(({ type }) => type);
const until = async (store: MemoryEventStore, type: string): Promise<readonly string[]> => {
  for (;;) {
    const types = await typesIn(store);
    if (types.includes(type)) return types;
    await new Promise((resolve) => setImmediate(resolve));
  }
};
const begun = ['PaymentCreated'];
const pay = { stream, organizationId: 'sbx_1', actor: 'key_1', correlationId: 'r', command };

describe('a call that was under way when its process died', () => {
  const dead = async (): Promise<MemoryEventStore> => {
    const store = new MemoryEventStore();
    const { writer } = await start(store, () => undefined);
    writer.submit(pay).catch(() => undefined);
    await until(store, 'PaymentCreated');
    writer.stop(new Error('killed'));
    return store;
  };

  it('is asked about at once, before its time and with a frozen clock', async () => {
    const store = await dead();
    const captured = {
      kind: 'captured',
      railReference: 'r',
      fee: '320',
      availableOn: '2026-01-07T00:00:00.000Z',
    };
    const { asked, writer } = await start(store, () => captured as RailOutcome);
    expect(await until(store, 'PaymentCaptured')).toEqual([
      ...begun,
      'PaymentCallRepeated',
      'PaymentCaptured',
    ]);
    expect(asked).toEqual(['ask']);
    writer.stop(new Error('over'));
  });

  it('is made again by the same key when the rail never had it', async () => {
    const store = await dead();
    const declined = {
      kind: 'declined',
      railReference: null,
      declineCode: 'generic_decline',
      message: 'No.',
    };
    const { asked, writer } = await start(store, ({ kind }) =>
      kind === 'ask' ? { kind: 'not_known' } : (declined as RailOutcome),
    );
    await until(store, 'PaymentDeclined');
    expect(asked).toEqual(['ask', 'authorize']);
    writer.stop(new Error('over'));
  });
});

it('what the rail will say later is left to its time', async () => {
  const store = new MemoryEventStore();
  const first = await start(store, () => ({ kind: 'pending', railReference: 'r' }));
  await first.writer.submit(pay);
  first.writer.stop(new Error('killed'));
  const { asked, writer } = await start(store, () => undefined);
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  expect([asked, await typesIn(store)]).toEqual([[], [...begun, 'PaymentProcessing']]);
  writer.stop(new Error('over'));
});
