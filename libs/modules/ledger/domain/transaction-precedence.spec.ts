import { at, given } from '../../../testing/decider-specification';
import { credit, debit, open, post, transfer } from '../../../testing/ledger/command-builders';
import type { EntryRequest, Precondition, TransactionRequest } from './commands';
import type { RefusalCode } from './refusals';

const now = '2026-06-01T00:00:00.000Z';
const history = [
  at(now),
  open('cash', 'asset'),
  open('equity', 'equity'),
  open('poor', 'liability', { minBalance: '0' }),
  open('full', 'liability', { maxBalance: '0' }),
  open('frozen', 'asset'),
  open('closed', 'asset'),
  post(transfer('cash', 'equity', '1'), { reference: 'taken' }),
  { type: 'FreezeAccount', address: 'frozen' } as const,
  { type: 'CloseAccount', address: 'closed' } as const,
  { type: 'ClosePeriod', through: '2026-04-30T23:59:59.999Z', reason: 'done' } as const,
];

/** A part of a request with one fault; the faults of two parts stand in one request together. */
interface Fault {
  readonly code: RefusalCode;
  /** Balanced by themselves, but for `unbalanced`. */
  readonly entries?: readonly EntryRequest[];
  readonly terms?: Partial<TransactionRequest>;
  readonly preconditions?: readonly Precondition[];
}

// In the order in which they take precedence. Faults of entries and accounts are judged entry by entry, so that in a pair the
// earlier one stands first; `decide-transaction` says so too.
const faults: readonly Fault[] = [
  { code: 'invalid_amount', entries: transfer('cash', 'equity', '01') },
  { code: 'invalid_value', terms: { description: 'x'.repeat(1_001) } },
  { code: 'invalid_metadata', terms: { metadata: { '': 'v' } } },
  { code: 'invalid_time', terms: { effectiveAt: 'yesterday' } },
  { code: 'expires_in_the_past', terms: { pending: true, expiresAt: now } },
  { code: 'unknown_transaction', terms: { correctionOf: 'txn_none' } },
  { code: 'period_closed', terms: { effectiveAt: '2026-04-30T00:00:00Z' } },
  { code: 'reference_taken', terms: { reference: 'taken' } },
  { code: 'unbalanced', entries: [debit('cash', '2'), credit('equity', '1')] },
  { code: 'unknown_account', entries: transfer('nobody', 'equity', '1') },
  { code: 'account_closed', entries: transfer('closed', 'equity', '1') },
  { code: 'account_frozen', entries: transfer('frozen', 'equity', '1') },
  { code: 'currency_mismatch', entries: transfer('cash', 'equity', '1', 'EUR') },
  { code: 'version_conflict', preconditions: [{ account: 'cash', version: 1 }] },
  { code: 'precondition_failed', preconditions: [{ account: 'cash', posted: { eq: '5' } }] },
  { code: 'insufficient_funds', entries: transfer('poor', 'equity', '1') },
  { code: 'balance_above_maximum', entries: transfer('cash', 'full', '1') },
];

function request(...parts: readonly Fault[]) {
  const entries = parts.flatMap((part) => part.entries ?? []);
  return post(entries.length > 0 ? entries : transfer('cash', 'equity', '1'), {
    ...Object.assign({}, ...parts.map((part) => part.terms)),
    preconditions: parts.flatMap((part) => part.preconditions ?? []),
  });
}

describe('refusals of a transaction', () => {
  it.each(faults.map((fault) => [fault.code, fault] as const))('%s', (code, fault) => {
    given(...history)
      .when(request(fault))
      .thenRefused(code);
  });

  // Two faults of one field can't be in one request.
  const isOfOneField = (one: Fault, other: Fault): boolean =>
    Object.keys(one.terms ?? {}).some((name) => name in (other.terms ?? {}));
  const pairs = faults.flatMap((earlier, i) =>
    faults
      .slice(i + 1)
      .filter((later) => !isOfOneField(earlier, later))
      .map((later) => [earlier.code, later.code, earlier, later] as const),
  );
  it.each(pairs)('%s comes before %s', (code, _laterCode, earlier, later) => {
    given(...history)
      .when(request(earlier, later))
      .thenRefused(code);
  });

  // Faults of the whole, which exclude one another or stand before any other, whatever the order of entries.
  const byWhole = faults.slice(0, 7);
  it.each(
    byWhole.slice(0, -1).map((earlier, i) => [earlier.code, earlier, faults[i + 1] ?? earlier] as const),
  )('%s comes first also when it stands last', (code, earlier, later) => {
    given(...history)
      .when(request(later, earlier))
      .thenRefused(code);
  });

  it('too_few_entries and too_many_entries come before all others', () => {
    const bad = debit('nobody', '0');
    given(...history)
      .when(post([bad], { effectiveAt: '' }))
      .thenRefused('too_few_entries');
    given(...history)
      .when(post(Array<EntryRequest>(1_001).fill(bad), { effectiveAt: '' }))
      .thenRefused('too_many_entries');
  });

  it('names the first entry at fault, with the first of its faults', () => {
    given(...history)
      .when(post([...transfer('cash', 'frozen', '1', 'EUR'), ...transfer('nobody', 'closed', '1')]))
      .thenRefused('currency_mismatch', '/entries/0/currency');
    given(...history)
      .when(post([...transfer('equity', 'frozen', '1', 'USD'), ...transfer('nobody', 'closed', '1')]))
      .thenRefused('account_frozen', '/entries/1/account');
  });

  it.each<[string, Partial<TransactionRequest>, RefusalCode, string]>([
    ['expires_at that is no time', { pending: true, expiresAt: '2026' }, 'invalid_time', '/expires_at'],
    ['expires_at of a posted one', { expiresAt: '2027-01-01T00:00:00Z' }, 'invalid_time', '/expires_at'],
    [
      'expires_at now, in another zone',
      { pending: true, expiresAt: '2026-06-01T02:00:00+02:00' },
      'expires_in_the_past',
      '/expires_at',
    ],
    [
      'effective_at without an offset',
      { effectiveAt: '2026-06-01T00:00:00' },
      'invalid_time',
      '/effective_at',
    ],
  ])('times: %s', (_what, terms, code, param) => {
    given(...history)
      .when(post(transfer('cash', 'equity', '1'), terms))
      .thenRefused(code, param);
  });
});
