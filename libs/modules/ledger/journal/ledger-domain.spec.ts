import { firstSnapshot } from '@fintech-ledger/ledger/domain';
import type { BookedEntry, HoldPlaced, TransactionPosted } from '@fintech-ledger/ledger/domain';
import fc from 'fast-check';
import { firstAnswerText } from './ledger-domain';
import { balancesAfter, transactionView } from './transaction-view';

const amount = fc.bigInt({ min: 1n, max: 10n ** 36n - 1n }).map(String);
const total = fc.bigInt({ min: 0n, max: 10n ** 38n }).map(String);
const optional = fc.option(fc.string({ unit: 'grapheme' }));

const entry = (effect: BookedEntry['effect']): fc.Arbitrary<BookedEntry> =>
  fc.record({
    account: fc.stringMatching(/^[A-Za-z0-9_-]{1,8}(:[A-Za-z0-9_-]{1,8}){0,2}$/),
    accountType: fc.constantFrom('asset', 'expense', 'liability', 'equity', 'revenue'),
    after: fc.record({
      pendingCredits: total,
      pendingDebits: total,
      postedCredits: total,
      postedDebits: total,
      version: fc.nat(),
    }),
    amount,
    currency: fc.constantFrom('USD', 'JPY', 'VBMPX', 'A.B-C_1'),
    direction: fc.constantFrom('debit', 'credit'),
    effect: fc.constant(effect),
  });

const event = (type: 'TransactionPosted' | 'HoldPlaced'): fc.Arbitrary<TransactionPosted | HoldPlaced> =>
  fc
    .record({
      entries: fc.array(entry(type === 'HoldPlaced' ? 'hold' : 'post'), { minLength: 2, maxLength: 6 }),
      transaction: fc.record({
        description: optional,
        effectiveAt: fc.constant('2026-01-01T00:00:00.000Z'),
        expiresAt: fc.option(fc.constant('2027-01-01T00:00:00.000Z')),
        id: fc.constant('txn_01'),
        metadata: fc.dictionary(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' })),
        recordedAt: fc.constant('2026-01-02T00:00:00.000Z'),
        reference: optional,
        reverses: fc.constant(null),
        status: fc.constant(type === 'HoldPlaced' ? ('pending' as const) : ('posted' as const)),
      }),
    })
    .map((data) => ({ type, data }));

it.each(['TransactionPosted', 'HoldPlaced'] as const)('is the JSON of the view of %s', (type) => {
  fc.assert(
    fc.property(event(type), fc.boolean(), (posted, dryRun) => {
      const { entries, transaction } = posted.data;
      const text = firstAnswerText(posted, 'led_1@7', dryRun);
      expect(JSON.parse(text)).toEqual({
        ...transactionView(firstSnapshot(transaction, entries)),
        balances: balancesAfter(entries),
        position: 'led_1@7',
        ...(dryRun ? { dry_run: true } : {}),
      });
    }),
  );
});
