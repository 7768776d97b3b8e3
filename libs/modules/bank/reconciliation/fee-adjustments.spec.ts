import 'reflect-metadata';
import { MemoryCheckpointStore } from '@fintech-ledger/checkpoint-store';
import { MemoryEventStore } from '@fintech-ledger/event-store';
import { JournalWriter, joinedDomain, silentObserver } from '@fintech-ledger/journal';
import type { AnyJoinable, AnyPart, CommandEnvelope, EffectRunner } from '@fintech-ledger/journal';
import { ledgerDomain } from '@fintech-ledger/ledger';
import { ledgerEvents } from '@fintech-ledger/ledger/domain';
import { paymentsPart } from '@fintech-ledger/payments';
import { feesAtOnce, paymentEvents } from '@fintech-ledger/payments/domain';
import type { PaymentsLedgers } from '@fintech-ledger/payments/nest';
import { newPayment } from '../../../testing/payments/charge-books';
import { FeeAdjustments } from './fee-adjustments';

const stream = 'journal-led_1';
const [from, to] = ['2026-01-01T00:00:00.000Z', '2026-02-01T00:00:00.000Z'];
/** As an EventStoreDB counts. */
const leastStore = { appendEventsMax: 12_000, eventOverheadBytes: 64 };
const railReference = 'r'.repeat(255);
const domain = joinedDomain(
  ledgerEvents.with(paymentEvents),
  { payments: paymentsPart as AnyPart },
  ledgerDomain as AnyJoinable,
);
/** The rail takes 1 at once. */
const effects: EffectRunner = {
  run: ({ data, key }) => {
    const { payment } = data as { readonly payment: string };
    const outcome = { kind: 'captured', railReference, fee: '1', availableOn: to };
    return Promise.resolve({ type: 'RecordRailOutcome', payment, refund: null, call: key, outcome });
  },
};
const who = {
  ...{
    actor: `key_${'K'.repeat(26)}`,
    correlationId: 'c'.repeat(64),
    organizationId: `sbx_${'S'.repeat(26)}`,
  },
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
};

interface Answer {
  readonly data: readonly { readonly object: string; readonly amount: string }[];
  readonly has_more: boolean;
  readonly dry_run?: true;
}

describe.each([
  ['of any store, as large as they may be', 1_024 * 1_024, feesAtOnce],
  // As small as it may be configured.
  ['of one that takes less', 64 * 1_024, 15],
])('fees of more payments than one append %s adjusts', (_what, appendBytesMax, atOnce) => {
  const store = new MemoryEventStore({ ...leastStore, appendBytesMax });
  const writer = new JournalWriter(
    stream,
    {
      ...{ domain, eventStore: store, checkpoints: new MemoryCheckpointStore(), effects },
      ...{ observer: silentObserver, newCommandId: () => crypto.randomUUID() },
      clock: { nowMs: () => Date.parse('2026-01-05T12:00:00.000Z') },
    },
    { cacheRecords: 10_000 },
  );
  const gateway = { submit: (sent: CommandEnvelope) => writer.submit(sent as never) };
  const there = { kind: 'there', ledger: { id: 'led_1' } };
  const ledgers = { find: () => Promise.resolve(there) } as unknown as PaymentsLedgers;
  const adjustments = new FeeAdjustments(gateway as never, ledgers);
  const payments: string[] = [];
  /** What is read: those that are adjusted differ no more. */
  const adjust = async (
    feeMinor: bigint,
    idempotencyKey: string,
    adjusted: readonly string[],
    dryRun = false,
  ) => {
    const left = payments.filter((payment) => !adjusted.includes(payment));
    const fees = left.map((object) => ({ feeMinor, kind: 'payment', object, railReference }) as const);
    const context = { ...who, dryRun, idempotencyKey, requestHash: 'f'.repeat(64) };
    const { outcome } = await adjustments.adjust({ fees, from, livemode: false, to }, context);
    if (outcome.kind === 'refused') throw new Error(JSON.stringify(outcome.refusal));
    return { ...(JSON.parse(outcome.answer) as Answer), isReplay: outcome.replayed };
  };
  const objects = ({ data }: Answer): readonly string[] => data.map(({ object }) => object);

  beforeAll(async () => {
    await writer.load();
    for (let n = 0; n <= feesAtOnce; n += 1) {
      const outcome = await writer.submit({ ...who, stream, command: newPayment });
      payments.push(
        String((JSON.parse((outcome as { readonly answer: string }).answer) as { id: string }).id),
      );
    }
  });
  afterAll(() => writer.stop(new Error('over')));

  it('are booked by it, and the rest under another key', async () => {
    // All of them together have as many digits as an amount may have; what has to be escaped takes the most bytes.
    const feeMinor = 10n ** 33n;
    const key = '"'.repeat(254);
    const tried = await adjust(feeMinor, `${key}1`, [], true);
    expect(tried).toMatchObject({ has_more: true, dry_run: true });
    expect(await adjust(feeMinor, `${key}1`, [], true)).toEqual(tried);
    const first = await adjust(feeMinor, `${key}1`, []);
    expect([objects(first), first.has_more, first.isReplay]).toEqual([
      ...[payments.slice(0, atOnce), true, false],
    ]);
    expect(objects(tried)).toEqual(objects(first));
    let done = objects(first);
    for (let n = 2; done.length < payments.length; n += 1) {
      const rest = await adjust(feeMinor, `${key}${n}`, done);
      done = [...done, ...objects(rest)];
      expect([rest.has_more, rest.isReplay]).toEqual([done.length < payments.length, false]);
    }
    expect(done).toEqual(payments);
    expect(await adjust(feeMinor, `${key}1`, payments)).toEqual({ ...first, isReplay: true });
    expect(await adjust(feeMinor, `${key}0`, payments)).toMatchObject({ data: [], has_more: false });
  });
});
