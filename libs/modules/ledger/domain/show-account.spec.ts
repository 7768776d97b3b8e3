import { InMemoryLedger } from '../../../testing/ledger/in-memory-ledger';
import { decide } from './decide';
import type { LedgerCommand } from './commands';

const context = { now: '2026-01-01T00:00:00.000Z', newId: (prefix: string) => `${prefix}_1` };

function run(ledger: InMemoryLedger, command: LedgerCommand) {
  const decision = decide(ledger, command, context);
  if (decision.kind === 'decided') for (const event of decision.events) ledger.apply(event);
  return decision;
}

describe('ShowAccount', () => {
  it('shows an account as it is, and records nothing', () => {
    const ledger = new InMemoryLedger();
    run(ledger, { type: 'OpenAccount', address: 'cash', accountType: 'asset', currency: 'USD' });
    run(ledger, { type: 'OpenAccount', address: 'sales', accountType: 'revenue', currency: 'USD' });
    const entry = { amount: '12345678901234567890', currency: 'USD' };
    run(ledger, {
      type: 'PostTransaction',
      entries: [
        { account: 'cash', direction: 'debit', ...entry },
        { account: 'sales', direction: 'credit', ...entry },
      ],
    });
    const shown = run(ledger, { type: 'ShowAccount', address: 'cash' });
    expect(shown).toEqual({ kind: 'decided', events: [], answer: expect.any(String) as string });
    expect(JSON.parse((shown as { answer: string }).answer)).toEqual({
      type: 'asset',
      currency: 'USD',
      metadata: {},
      version: 2,
      postedDebits: '12345678901234567890',
      postedCredits: '0',
      pendingDebits: '0',
      pendingCredits: '0',
    });
  });

  it('is refused for an account that does not exist', () => {
    expect(run(new InMemoryLedger(), { type: 'ShowAccount', address: 'cash' })).toMatchObject({
      kind: 'refused',
      refusal: { code: 'account_not_found' },
    });
  });
});
