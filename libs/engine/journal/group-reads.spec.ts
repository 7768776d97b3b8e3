import { MemoryCheckpointStore } from '@fintech-ledger/checkpoint-store';
import { MemoryEventStore } from '@fintech-ledger/event-store';
import { ledgerDomain } from '@fintech-ledger/ledger';
import { accountKey, accountOf } from '@fintech-ledger/ledger/domain';
import type { LedgerCommand, LedgerEvent, LedgerRecord } from '@fintech-ledger/ledger/domain';
import type { CommandOutcome } from './gateway';
import { JournalWriter } from './journal-writer';
import { silentObserver } from './observer';

const stream = 'journal-led_1';

/** As a command whose reads another one changes: what is posted reads its accounts only once the gate says so. */
const domain: typeof ledgerDomain = {
  ...ledgerDomain,
  reads: (command, view) => {
    if (command.type !== 'PostTransaction') return ledgerDomain.reads(command, view);
    const isOpen = accountOf(view, 'gate')?.metadata['open'] === 'yes';
    return [accountKey('gate'), ...(isOpen ? ledgerDomain.reads(command, view) : [])];
  },
};

async function writerOn(store: MemoryEventStore, checkpoints: MemoryCheckpointStore, cacheRecords = 1_000) {
  const writer = new JournalWriter<LedgerCommand, LedgerEvent, LedgerRecord>(
    stream,
    {
      domain,
      eventStore: store,
      checkpoints,
      clock: { nowMs: () => Date.now() },
      observer: silentObserver,
      newCommandId: () => crypto.randomUUID(),
    },
    { cacheRecords, limits: { appendRetryMs: 1 } },
  );
  await writer.load();
  const send = (command: LedgerCommand): Promise<CommandOutcome> =>
    writer.submit({ stream, organizationId: 'org_1', actor: 'key_1', correlationId: 'c', command });
  return { writer, send };
}

const openGate: LedgerCommand = { type: 'AmendAccount', address: 'gate', metadata: { open: 'yes' } };
const post: LedgerCommand = {
  type: 'PostTransaction',
  entries: [
    { account: 'a', amount: '5', currency: 'USD', direction: 'debit' },
    { account: 'b', amount: '5', currency: 'USD', direction: 'credit' },
  ],
};

it.each([1_000, 1])(
  'a command reads what one before it in its group has made it read (%s records kept)',
  async (cacheRecords) => {
    const store = new MemoryEventStore();
    const checkpoints = new MemoryCheckpointStore();
    const first = await writerOn(store, checkpoints, cacheRecords);
    for (const address of ['gate', 'a', 'b'])
      await first.send({ type: 'OpenAccount', address, accountType: 'liability', currency: 'USD' });
    await first.writer.close();

    const { send, writer } = await writerOn(store, checkpoints, cacheRecords);
    // Nothing of it is in memory: both are loaded for together.
    const outcomes = await Promise.all([send(openGate), send(post), send(post)]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['accepted', 'accepted', 'accepted']);
    await writer.close();
    const third = await writerOn(store, checkpoints, cacheRecords);
    expect((await third.send(post)).kind).toBe('accepted');
    await third.writer.close();
  },
);
