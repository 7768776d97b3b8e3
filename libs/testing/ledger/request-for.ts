import type { AccountRecord, EntryRequest, TransactionRequest } from '@fintech-ledger/ledger/domain';
import { linesToldMax } from '@fintech-ledger/ledger/domain';
import { transfer } from './command-builders';
import type { JournalFact } from '@fintech-ledger/ledger/domain';
import type { InMemoryLedger } from './in-memory-ledger';
import type { Intent } from './ledger-intents';
import { pick, withStatus } from './pick';

/** A moment before every history. */
export const backDated = '2025-12-31T23:59:59.5+01:00';

/** One to four pairs of entries or, now and then, more than an event tells; each in its account's currency. */
export function requestFor(
  { kind, picks, variant, amount }: Intent,
  accounts: readonly AccountRecord[],
  ledger: InMemoryLedger<JournalFact>,
  now: string,
): TransactionRequest | undefined {
  const usable = withStatus(accounts, 'open');
  const entries: EntryRequest[] = [];
  const pairs = variant < 50 ? 1 : variant < 80 ? 2 : variant < 95 ? 4 : linesToldMax / 2 + 2;
  for (let i = 0; i < pairs; i += 1) {
    const debited = pick(usable, picks[(2 * i) % picks.length] ?? 0);
    const partners = usable.filter(
      (a) => a.currency === debited?.currency && (a !== debited || variant === 99),
    );
    const credited = pick(partners, picks[(2 * i + 1) % picks.length] ?? 0);
    if (debited && credited)
      entries.push(
        ...transfer(debited.address, credited.address, magnitude(amount + i, variant), debited.currency),
      );
  }
  const [watched] = usable;
  if (entries.length === 0) return undefined;
  return {
    entries: variant % 2 === 0 ? entries : [...entries].reverse(),
    description: variant % 4 === 0 ? 'random "text" ü €' : null,
    ...(variant % 6 === 0
      ? {
          reference: `ref-${variant < 10 ? (picks[7] ?? 0) % 20 : ledger.revision * 10 + ((picks[0] ?? 0) % 10)}`,
        }
      : {}),
    ...(variant % 7 === 0 ? { effectiveAt: backDated } : {}),
    ...(variant % 14 === 0 ? correctionOf(ledger, picks[5] ?? 0) : {}),
    ...(variant % 8 === 0 ? { metadata: { order: String(amount), 'z.z': '1', A: 'a' } } : {}),
    ...(variant % 9 === 0 && watched
      ? {
          preconditions: [
            { account: watched.address, version: watched.version, posted: { gte: '-999999999999999' } },
          ],
        }
      : {}),
    ...(kind === 'hold'
      ? { pending: true, expiresAt: variant % 3 === 0 ? later(now, 60 + (picks[6] ?? 0)) : null }
      : {}),
  };
}

function correctionOf(
  ledger: InMemoryLedger<JournalFact>,
  choice: number,
): Pick<TransactionRequest, 'correctionOf'> {
  const transactions = [...ledger.records.values()].flatMap((record) =>
    record.kind === 'transaction' ? [record.snapshot.id] : [],
  );
  return { correctionOf: pick(transactions, choice) ?? 'txn_none' };
}

/** Mostly small figures; now and then one that no double can hold. */
function magnitude(amount: number, variant: number): string {
  return variant % 33 === 0 ? `${amount}${'0'.repeat(24)}7` : String(amount);
}

function later(now: string, seconds: number): string {
  return new Date(Date.parse(now) + seconds * 1_000).toISOString();
}
