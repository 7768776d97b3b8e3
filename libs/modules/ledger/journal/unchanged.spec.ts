import { MemoryCheckpointStore } from '@fintech-ledger/checkpoint-store';
import { MemoryEventStore } from '@fintech-ledger/event-store';
import { JournalWriter, silentObserver } from '@fintech-ledger/journal';
import type { CommandOutcome } from '@fintech-ledger/journal';
import type { LedgerCommand } from '@fintech-ledger/ledger/domain';
import { ledgerDomain } from './ledger-domain';

const stream = 'journal-led_1';

/** A ledger with one account, whose writer can be started again. */
async function openLedger() {
  const eventStore = new MemoryEventStore();
  const checkpoints = new MemoryCheckpointStore();
  const start = async () => {
    const writer = new JournalWriter(
      stream,
      {
        domain: ledgerDomain,
        eventStore,
        checkpoints,
        clock: { nowMs: () => Date.parse('2026-01-05T12:00:00.000Z') },
        observer: silentObserver,
        newCommandId: () => crypto.randomUUID(),
      },
      { cacheRecords: 1_000, limits: { appendRetryMs: 1 } },
    );
    await writer.load();
    return writer;
  };
  let writer = await start();
  const submit = (
    command: LedgerCommand,
    { key, ...more }: { readonly key?: string; readonly dryRun?: boolean } = {},
  ): Promise<CommandOutcome> =>
    writer.submit({
      ...{ stream, organizationId: 'org_1', actor: 'key_1', correlationId: 'req_1', command, ...more },
      ...(key !== undefined && { idempotencyKey: key, requestHash: JSON.stringify(command) }),
    });
  await submit({ type: 'OpenAccount', address: 'cash', accountType: 'asset', currency: 'USD' });
  return {
    submit,
    restart: async () => void (writer = await start()),
    types: async () => (await eventStore.readStream(stream, { limit: 100 })).map(({ type }) => type),
  };
}
const step = (value: string): LedgerCommand => ({
  type: 'AmendAccount',
  address: 'cash',
  metadata: { step: value },
});
const answerOf = (outcome: CommandOutcome): string => {
  if (outcome.kind === 'refused') throw new Error(outcome.refusal.code);
  return outcome.answer;
};

/** An amendment that names nothing to amend. */
const nothing: LedgerCommand = { type: 'AmendAccount', address: 'cash' };

describe('a command that changes nothing', () => {
  it('gets its first answer under its key for ever', async () => {
    const ledger = await openLedger();
    await ledger.submit(step('1'));
    const [first, atOnce] = await Promise.all([1, 2].map(() => ledger.submit(nothing, { key: 'again' })));
    expect(first).toMatchObject({ kind: 'accepted', replayed: false });
    expect(atOnce).toEqual({ ...first, replayed: true });
    await ledger.submit(step('2'));
    expect(await ledger.submit(nothing, { key: 'again' })).toEqual(atOnce);
    await ledger.restart();
    expect(await ledger.submit(nothing, { key: 'again' })).toEqual(atOnce);
    expect(await ledger.types()).toEqual([
      'AccountOpened',
      'AccountAmended',
      'NothingChanged',
      'AccountAmended',
    ]);
    const shown = answerOf(await ledger.submit(nothing));
    expect(JSON.parse(shown)).toMatchObject({ metadata: { step: '2' }, version: 3 });
  });

  it('has its key for itself', async () => {
    const ledger = await openLedger();
    await ledger.submit(nothing, { key: 'again' });
    expect(await ledger.submit(step('2'), { key: 'again' })).toMatchObject({
      refusal: { code: 'idempotency_key_reused' },
    });
  });

  it('is not recorded without a key, and not when it is tried out', async () => {
    const ledger = await openLedger();
    const answer = answerOf(await ledger.submit(nothing));
    const tried = answerOf(await ledger.submit(nothing, { key: 'tried', dryRun: true }));
    expect(JSON.parse(tried)).toEqual({ ...(JSON.parse(answer) as object), dry_run: true });
    expect(await ledger.types()).toEqual(['AccountOpened']);
    expect(await ledger.submit(step('2'), { key: 'tried' })).toMatchObject({
      kind: 'accepted',
      replayed: false,
    });
  });
});
