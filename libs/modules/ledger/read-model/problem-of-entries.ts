import { imbalance, movesMoney } from '@fintech-ledger/ledger/domain';
import type { BookedEntry } from '@fintech-ledger/ledger/domain';
import type { ReadEvent } from '@fintech-ledger/projection-runtime';

/** The other half of the assertion that the writer makes: for each currency and effect, debits equal credits. */
export function problemOfEntries(event: ReadEvent): string | undefined {
  if (!movesMoney(event)) return undefined;
  const value: unknown = event.data.entries;
  if (!Array.isArray(value) || value.length === 0) return 'it has no entries';
  const entries = value as readonly BookedEntry[];
  const [first, second] = entries;
  const isPlainPair =
    entries.length === 2 &&
    first?.amount === second?.amount &&
    first?.currency === second?.currency &&
    first?.effect === second?.effect &&
    first?.direction !== second?.direction;
  if (isPlainPair) return undefined;
  for (const effect of new Set(entries.map((entry) => entry.effect))) {
    const sameEffect = entries.filter((entry) => entry.effect === effect);
    const off = imbalance(sameEffect.map((entry) => ({ ...entry, amount: BigInt(entry.amount) })));
    if (off) return `its ${effect} entries differ by ${off.difference} ${off.currency}`;
  }
  return undefined;
}
