import type { BankAccountFacts } from '@fintech-ledger/connect/domain';
import { decodeCursor, encodeCursor, InvalidCursor } from '@fintech-ledger/projection-runtime';
import type { PageRequest } from '@fintech-ledger/projection-runtime';
import type { PageOf } from '@fintech-ledger/shapes';

const kind = 'bank_accounts';

/** Newest first. @throws InvalidCursor not one of this list, or of what is not in it */
export function pageOfBankAccounts(
  oldestFirst: readonly BankAccountFacts[],
  { cursor, limit }: PageRequest,
): PageOf<BankAccountFacts> {
  const all = oldestFirst.toReversed();
  const from = cursor === undefined ? 0 : behind(all, cursor);
  const data = all.slice(from, from + limit);
  const last = data.at(-1);
  const hasMore = from + data.length < all.length;
  const next = hasMore && last !== undefined ? encodeCursor(kind, [last.id]) : null;
  return { data, has_more: hasMore, next_cursor: next };
}

function behind(all: readonly BankAccountFacts[], cursor: string): number {
  const [id] = decodeCursor(kind, ['string'], cursor);
  const at = all.findIndex((each) => each.id === id);
  if (at < 0) throw new InvalidCursor('the cursor names a bank account that is not in this list');
  return at + 1;
}
