import { MemoryCheckpointStore } from '@fintech-ledger/checkpoint-store';
import { MemoryEventStore } from '@fintech-ledger/event-store';
import { JournalWriter, silentObserver } from '@fintech-ledger/journal';
import type { CommandOutcome } from '@fintech-ledger/journal';
import type {
  AccountRecord,
  BookingFacts,
  JournalFact,
  LedgerCommand,
  LedgerRecord,
} from '@fintech-ledger/ledger/domain';
import { InMemoryLedger } from '../../../testing/ledger/in-memory-ledger';
import { joinedEvents, joinedLedger } from '../../../testing/postage/joined-ledger';
import { balanceOf, bankOf, earnedOf, transitOf } from '../../../testing/postage/postage-part';
import type { PostageCommand } from '../../../testing/postage/postage-part';

const stream = 'journal-led_1';
const noon = Date.parse('2026-01-05T12:00:00.000Z');
const [bank, ann, transit, earned] = [
  bankOf('USD'),
  balanceOf('ann', 'USD'),
  transitOf('USD'),
  earnedOf('USD'),
];

/** A ledger that a module has joined, over stores in memory. */
async function openLedger(stores?: {
  readonly eventStore: MemoryEventStore;
  readonly checkpoints: MemoryCheckpointStore;
}) {
  const { eventStore, checkpoints } = stores ?? {
    eventStore: new MemoryEventStore(),
    checkpoints: new MemoryCheckpointStore(),
  };
  let nowMs = noon;
  const writer = new JournalWriter(
    stream,
    {
      domain: joinedLedger,
      eventStore,
      checkpoints,
      clock: { nowMs: () => nowMs },
      observer: silentObserver,
      newCommandId: () => crypto.randomUUID(),
    },
    { cacheRecords: 1_000, limits: { appendRetryMs: 1 } },
  );
  await writer.load();
  const recorded = async () => eventStore.readStream(stream, { limit: 1_000 });
  return {
    eventStore,
    checkpoints,
    writer,
    recorded,
    setTime: (ms: number) => void (nowMs = ms),
    submit: (command: LedgerCommand | PostageCommand, idempotencyKey?: string): Promise<CommandOutcome> =>
      writer.submit({
        stream,
        organizationId: 'org_1',
        actor: 'key_1',
        correlationId: 'req_1',
        command,
        ...(idempotencyKey !== undefined && { idempotencyKey, requestHash: 'ab' }),
      }),
    /** The ledger's records by folding the journal from its beginning. */
    async folded(): Promise<InMemoryLedger<JournalFact>> {
      const events = (await recorded()).map(({ type, metadata, data }) => {
        const { version } = JSON.parse(metadata) as { version: number };
        const event = joinedEvents.read(type, version, JSON.parse(data) as object);
        if (typeof event === 'string') throw new Error(event);
        return event;
      });
      return InMemoryLedger.of(events);
    },
  };
}
type Ledger = Awaited<ReturnType<typeof openLedger>>;

const payIn = (amount: string, owner = 'ann'): PostageCommand => ({
  type: 'PayIn',
  owner,
  amount,
  currency: 'USD',
});
const charge = (parcelId: string, fee: string, more: object = {}): PostageCommand => ({
  type: 'ChargeParcel',
  parcelId,
  owner: 'ann',
  fee,
  currency: 'USD',
  judged: true,
  ...more,
});
const accountOf = (records: ReadonlyMap<string, LedgerRecord>, address: string): AccountRecord => {
  const record = records.get(`a:${address}`);
  if (record?.kind !== 'account') throw new Error(`there is no account ${address}`);
  return record;
};
const codeOf = (outcome: CommandOutcome): string =>
  outcome.kind === 'refused' ? outcome.refusal.code : 'accepted';
const lastFacts = async (ledger: Ledger): Promise<BookingFacts> =>
  JSON.parse((await ledger.recorded()).at(-1)?.data ?? '') as BookingFacts;

describe('an event of another module that books', () => {
  it('opens the accounts below its name with its first entry on them, and says their terms', async () => {
    const ledger = await openLedger();
    expect(codeOf(await ledger.submit(payIn('500')))).toBe('accepted');
    const { entries, opens, transaction } = await lastFacts(ledger);
    expect(opens).toMatchObject([
      { address: bank, type: 'asset', minBalance: null, openedAt: transaction.recordedAt, status: 'open' },
      { address: ann, type: 'liability', minBalance: '0' },
    ]);
    expect(entries).toMatchObject([
      { account: bank, direction: 'debit', after: { postedDebits: '500', postedCredits: '0', version: 1 } },
      { account: ann, direction: 'credit', after: { postedDebits: '0', postedCredits: '500', version: 1 } },
    ]);
    await ledger.submit(payIn('70'));
    const next = await lastFacts(ledger);
    expect(next.opens).toEqual([]);
    expect(next.entries[1]).toMatchObject({ after: { postedCredits: '570', version: 2 } });
    expect(accountOf((await ledger.folded()).records, ann)).toMatchObject({
      postedCredits: 570n,
      version: 2,
    });
  });

  it('is refused by a bound when it is judged, and not when it has happened', async () => {
    const ledger = await openLedger();
    await ledger.submit(payIn('500'));
    expect(codeOf(await ledger.submit(charge('p1', '501')))).toBe('insufficient_funds');
    expect(codeOf(await ledger.submit(charge('p1', '500')))).toBe('accepted');
    expect(codeOf(await ledger.submit(charge('p2', '1', { judged: false })))).toBe('accepted');
    expect(accountOf((await ledger.folded()).records, ann)).toMatchObject({
      postedCredits: 500n,
      postedDebits: 501n,
    });
  });

  it.each(['FreezeAccount', 'CloseAccount'] as const)(
    'is refused after %s only when it is judged',
    async (type) => {
      const ledger = await openLedger();
      await ledger.submit(payIn('5'));
      await ledger.submit(charge('p0', '5'));
      // The ledger is not said to be managed, so its clients may do it.
      expect(codeOf(await ledger.submit({ type, address: ann }))).toBe('accepted');
      const code = type === 'FreezeAccount' ? 'account_frozen' : 'account_closed';
      expect(codeOf(await ledger.submit(charge('p1', '5')))).toBe(code);
      expect(codeOf(await ledger.submit(charge('p1', '5', { judged: false })))).toBe('accepted');
    },
  );

  it('stops the writer where its lines are no transaction', async () => {
    const ledger = await openLedger();
    await expect(ledger.submit(payIn('0'))).rejects.toThrow();
    expect(await ledger.recorded()).toHaveLength(0);
  });

  it('is a transaction of the ledger, which can be reversed there', async () => {
    const ledger = await openLedger();
    await ledger.submit(payIn('500'));
    const { transaction } = await lastFacts(ledger);
    const reverse = { type: 'ReverseTransaction', transactionId: transaction.id } as const;
    expect(codeOf(await ledger.submit({ ...reverse, managed: 'postage' }))).toBe('account_managed');
    expect(codeOf(await ledger.submit(reverse))).toBe('accepted');
    expect(codeOf(await ledger.submit(reverse))).toBe('already_reversed');
  });

  it('counts when it says', async () => {
    const ledger = await openLedger();
    await ledger.submit(payIn('9'));
    const at = '2026-01-05T12:30:00.000Z';
    await ledger.submit(charge('p1', '9', { deliveredAt: at }));
    ledger.setTime(noon + 3_600_000);
    // Whatever comes next finds that something is due.
    await ledger.submit({ type: 'LabelParcel', parcelId: 'p1', account: ann });
    const delivered = (await ledger.recorded()).find(({ type }) => type === 'ParcelDelivered');
    expect(JSON.parse(delivered?.metadata ?? '')).toMatchObject({
      effectiveAt: at,
      recordedAt: '2026-01-05T13:00:00.000Z',
    });
  });

  it('is not taken for one that changes an account, whatever it calls so', async () => {
    const ledger = await openLedger();
    await ledger.submit(payIn('9'));
    const before = (await ledger.folded()).records;
    await ledger.submit({ type: 'LabelParcel', parcelId: 'p1', account: ann });
    expect((await ledger.folded()).records).toEqual(before);
  });

  it('is answered again under its key, by a writer that has begun again', async () => {
    const ledger = await openLedger();
    const first = await ledger.submit(payIn('500'), 'key');
    await ledger.writer.close();
    const again = await openLedger(ledger);
    expect(await again.submit(payIn('500'), 'key')).toEqual({ ...first, replayed: true });
    expect(codeOf(await again.submit(charge('p1', '501')))).toBe('insufficient_funds');
    expect(codeOf(await again.submit(charge('p1', '499')))).toBe('accepted');
    expect(accountOf((await again.folded()).records, transit)).toMatchObject({ postedCredits: 499n });
  });
});

describe('what is due of the ledger and of the module', () => {
  it('is acted on by each, at the same moment', async () => {
    const ledger = await openLedger();
    const terms = { accountType: 'asset', currency: 'USD' } as const;
    await ledger.submit({ type: 'OpenAccount', address: 'a', ...terms });
    await ledger.submit({ type: 'OpenAccount', address: 'b', ...terms });
    const dueAt = '2026-01-05T12:30:00.000Z';
    const line = { amount: '5', currency: 'USD' };
    await ledger.submit({
      type: 'PostTransaction',
      pending: true,
      expiresAt: dueAt,
      entries: [
        { account: 'a', direction: 'debit', ...line },
        { account: 'b', direction: 'credit', ...line },
      ],
    });
    await ledger.submit(payIn('9'));
    await ledger.submit(charge('p1', '4', { deliveredAt: dueAt }));
    await ledger.submit(charge('p2', '5', { deliveredAt: dueAt }));
    await ledger.writer.close();
    const again = await openLedger(ledger);
    again.setTime(noon + 3_600_000);
    await again.submit({ type: 'LabelParcel', parcelId: 'p1', account: ann });
    await again.writer.close();
    const types = (await again.recorded()).map(({ type }) => type);
    expect(types.filter((type) => type === 'HoldExpired')).toHaveLength(1);
    expect(types.filter((type) => type === 'ParcelDelivered')).toHaveLength(2);
    const { records } = await again.folded();
    expect(accountOf(records, earned)).toMatchObject({ postedCredits: 9n });
    expect(accountOf(records, 'a')).toMatchObject({ pendingDebits: 0n });
  });
});
