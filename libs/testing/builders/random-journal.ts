import type { EntryRequest, LedgerCommand } from '@fintech-ledger/ledger/domain';
import { linesToldMax, movesMoney, transactionOf } from '@fintech-ledger/ledger/domain';
import { seededRandom } from '../faults/seeded-random';
import { JournalBuilder } from './journal-builder';

export interface RandomJournalOptions {
  readonly ledgerId: string;
  readonly seed: number;
  readonly commands: number;
  /** When the first event is recorded. */
  readonly startMs?: number;
}

const currencies = ['USD', 'EUR'] as const;
const addresses = [
  'cash',
  'cash:till_1',
  'cash:tillX1',
  'shop:a:payable',
  'shop:a:fees',
  'shop:b:payable',
  'shop-2:x',
] as const;
const hourMs = 3_600_000;

/** Of a transaction that is longer than its events tell. */
const longPairs = linesToldMax / 2 + 1;

/** A part of a transaction: by amount, or of a long one by two of its entries. */
function partOf({ ledger }: JournalBuilder, transactionId: string, number: number): Part {
  const lines = transactionOf(ledger, transactionId)?.lines ?? [];
  if (lines.length <= 2) return { amount: String(1 + number) };
  const first = 2 * (number % longPairs);
  const amount = String(1 + (number % 9));
  const entries = lines
    .slice(first, first + 2)
    .map(({ account, currency, direction }) => ({ account, currency, direction, amount }));
  return { entries };
}
type Part = { readonly amount: string } | { readonly entries: readonly EntryRequest[] };

/**
 * A seeded journal of everything that happens to accounts and transactions: some dated days before or after they are recorded, some in the
 * same millisecond, holds captured in part, voided and expired, reversals, references, metadata. Refused commands leave nothing.
 */
export function randomJournal({
  ledgerId,
  seed,
  commands,
  startMs = Date.UTC(2026, 0, 1),
}: RandomJournalOptions): JournalBuilder {
  const random = seededRandom(seed);
  const below = (max: number): number => Math.floor(random() * max);
  const pick = <T>(values: readonly T[]): T => values[below(values.length)] as T;
  const journal = new JournalBuilder(ledgerId);
  let nowMs = startMs;
  const iso = (ms: number): string => new Date(ms).toISOString();
  const submit = (command: LedgerCommand): void => void journal.submit(command, iso(nowMs));

  for (const currency of currencies) {
    for (const address of addresses) {
      nowMs += below(hourMs);
      const accountType = address.startsWith('cash') ? 'asset' : 'liability';
      submit({
        type: 'OpenAccount',
        address: `${address}:${currency}`,
        accountType,
        currency,
        metadata: { currency },
      });
    }
  }
  for (let i = 0; i < commands; i += 1) {
    nowMs += random() < 0.2 ? 0 : below(4 * hourMs);
    submit(command(i));
  }
  return journal;

  function command(i: number): LedgerCommand {
    const transactionId = pick(transactionIds());
    const kind = random();
    if (kind < 0.6 || transactionId === undefined) return transaction(i);
    const part = partOf(journal, transactionId, below(60));
    if (kind < 0.7) return { type: 'CaptureHold', transactionId, ...part, final: random() < 0.5 };
    if (kind < 0.78) return { type: 'VoidHold', transactionId };
    if (kind < 0.82)
      return { type: 'ExpireHolds', transactionIds: transactionIds().filter((id) => id !== undefined) };
    if (kind < 0.92)
      return {
        type: 'ReverseTransaction',
        transactionId,
        ...dated(),
        ...(random() < 0.5 ? part : {}),
      };
    const address = `${pick(addresses)}:${pick(currencies)}`;
    if (kind < 0.96) return { type: 'AmendAccount', address, metadata: { touched: String(i) } };
    return random() < 0.5 ? { type: 'FreezeAccount', address } : { type: 'UnfreezeAccount', address };
  }

  function transaction(i: number): LedgerCommand {
    const currency = pick(currencies);
    const amount = String(1 + below(100));
    const pending = random() < 0.35;
    const pairs = random() < 0.1 ? longPairs : 1;
    return {
      type: 'PostTransaction',
      entries: Array.from({ length: 2 * pairs }, (_, place) => {
        const direction = place % 2 === 0 ? 'debit' : 'credit';
        return { account: `${pick(addresses)}:${currency}`, direction, amount, currency };
      }),
      pending,
      ...(pending && random() < 0.3 ? { expiresAt: iso(nowMs + hourMs * (1 + below(20))) } : {}),
      ...(random() < 0.3 ? { reference: `ref_${i}` } : {}),
      ...(random() < 0.4 ? { metadata: { shop: pick(['a', 'b']), [`k${i % 3}`]: 'v"\\\t%' } } : {}),
      ...(random() < 0.3 ? { description: `order\n${i}\t\\N` } : {}),
      ...dated(),
    };
  }

  /** In a third of cases a time up to three days before or after. */
  function dated(): { readonly effectiveAt?: string } {
    if (random() < 0.65) return {};
    return { effectiveAt: iso(nowMs + Math.round((random() - 0.6) * 120) * hourMs) };
  }

  function transactionIds(): readonly (string | undefined)[] {
    const ids = journal.ledger.events.flatMap((event) =>
      movesMoney(event) ? [event.data.transaction.id] : [],
    );
    return ids.length === 0 ? [undefined] : ids.slice(-12);
  }
}
