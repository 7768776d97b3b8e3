import { MemoryEventStore, revision } from '@fintech-ledger/event-store';
import { JournalBuilder } from '@fintech-ledger/testing';
import { JournalDisagrees } from '@fintech-ledger/projection-runtime';
import { AccountEvidence } from './account-evidence';

const at = '2026-01-01T00:00:00.000Z';
const ledgerId = 'led_1';
const line = (account: string, direction: 'debit' | 'credit', amount: string) => ({
  account,
  direction,
  amount,
  currency: 'USD',
});

describe('AccountEvidence, while the read models say nothing', () => {
  const store = new MemoryEventStore();
  const pageEvents = 50;
  const halted = { accountEntries: () => Promise.reject(new Error('halted')) };
  const evidence = new AccountEvidence(store, halted, pageEvents);
  const journal = new JournalBuilder(ledgerId);
  const post = (debit: string, credit: string, amount: string) =>
    journal.submit(
      { type: 'PostTransaction', entries: [line(debit, 'debit', amount), line(credit, 'credit', amount)] },
      at,
    );
  const quiet = {
    type: 'asset',
    currency: 'USD',
    version: 2,
    postedDebits: '7',
    postedCredits: '0',
    pendingDebits: '0',
    pendingCredits: '0',
    metadata: {},
  } as const;
  let last: number;

  beforeAll(async () => {
    for (const address of ['quiet', 'cash', 'bank'])
      journal.submit({ type: 'OpenAccount', address, accountType: 'asset', currency: 'USD' }, at);
    post('quiet', 'cash', '7');
    // Many pages in which the account does not occur.
    while (journal.recorded.length < 12 * pageEvents) post('cash', 'bank', '1');
    for (let from = 0; from < journal.recorded.length; from += 500) {
      const expected = from === 0 ? 'no_stream' : revision(from - 1);
      await store.append(`journal-${ledgerId}`, expected, journal.recorded.slice(from, from + 500));
    }
    last = journal.recorded.length - 1;
  });
  afterAll(() => store.close());

  it('finds the event that an account rests on, however long ago it was', async () => {
    await expect(evidence.confirm(ledgerId, 'quiet', quiet, last)).resolves.toBeUndefined();
  });

  it('refuses what that event does not carry, and goes on with the next one', async () => {
    const asked = [
      evidence.confirm(ledgerId, 'quiet', { ...quiet, postedDebits: '8' }, last),
      evidence.confirm(ledgerId, 'nobody', quiet, last),
      evidence.confirm(ledgerId, 'quiet', quiet, last),
    ];
    const answers = await Promise.allSettled(asked);
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
    await expect(asked[0]).rejects.toThrow(JournalDisagrees);
    await expect(asked[1]).rejects.toThrow('has no event that opens the account nobody');
  });
});
