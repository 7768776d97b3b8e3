import { isoTime, isoTimeOrNull } from '@fintech-ledger/contract';
import { ReadModelInconsistent } from '@fintech-ledger/projection-runtime';
import type { TransactionView } from '../../views/transaction';
import { detailFields, detailsFrom, firstReversals, laterDetails } from '@fintech-ledger/ledger/domain';
import type {
  AllDetails,
  DetailFields,
  TransactionLine,
  TransactionStatus,
} from '@fintech-ledger/ledger/domain';
import { transactionView } from '../../journal/transaction-view';

/** The details stand in columns of their names. */
export interface TransactionRow extends DetailFields<AllDetails> {
  readonly revision: string;
  readonly effective_ms: string;
  readonly recorded_ms: string;
  readonly expires_ms: string | null;
  readonly status: string;
  readonly is_hold: boolean;
  readonly id: string;
  readonly reverses: string | null;
  readonly reversed_by: string;
  readonly lines: string;
  readonly metadata: Readonly<Record<string, string>>;
}

export const transactionColumns =
  't.revision, t.effective_ms, t.recorded_ms, t.expires_ms, t.status, t.is_hold, t.id, t.reverses, t.reversed_by, t.lines, ' +
  `t.metadata, ${detailFields.map(({ field }) => `t.${field}`).join(', ')}`;

/** The row as the API shows it: the same shape in which the command answered. @throws ReadModelInconsistent */
export function storedTransactionView(ledgerId: string, row: TransactionRow): TransactionView {
  const { status, lines, reversedBy } = contentOf(ledgerId, row);
  return transactionView({
    id: row.id,
    status,
    isHold: row.is_hold,
    lines,
    ...recordedDetails(row),
    effectiveAt: isoTime(row.effective_ms),
    recordedAt: isoTime(row.recorded_ms),
    expiresAt: isoTimeOrNull(row.expires_ms),
    reverses: row.reverses,
    reversedBy,
    metadata: row.metadata,
  });
}

/** A row can't tell what nobody said from what could not be said yet: neither is shown. */
function recordedDetails(row: TransactionRow): AllDetails {
  const details = Object.entries(detailsFrom(row)).filter(
    ([name, detail]) => detail !== null || !laterDetails.has(name),
  );
  return Object.fromEntries(details) as unknown as AllDetails;
}

interface Content {
  readonly status: TransactionStatus;
  readonly lines: readonly TransactionLine[];
  readonly reversedBy: readonly string[];
}

function contentOf(ledgerId: string, row: TransactionRow): Content {
  let content: Content | undefined;
  let reason: string | undefined;
  try {
    content = {
      status: statusOf(row.status),
      lines: unpackLines(row.lines),
      reversedBy: firstReversals(JSON.parse(row.reversed_by) as string[]),
    };
    reason = transactionContradiction(content.status, row.is_hold, content.lines);
  } catch (error) {
    reason = `it can't be read (${String(error)})`;
  }
  if (content !== undefined && reason === undefined) return content;
  throw new ReadModelInconsistent(ledgerId, `transaction ${row.id}`, reason ?? 'it is empty');
}

/** `[account, D or C, amount, currency]`, and `[held, captured, reversed]` when the line is not plainly posted. */
type PackedLine = readonly [string, string, string, string, string?, string?, string?];

/** Lines as the row keeps them: JSON, a third as long as with names. */
export function packLines(lines: readonly TransactionLine[]): string {
  return JSON.stringify(
    lines.map(({ account, direction, amount, currency, held, captured, reversed }): PackedLine => {
      const side = direction === 'debit' ? 'D' : 'C';
      const isPlain = held === '0' && captured === amount && reversed === '0';
      return isPlain
        ? [account, side, amount, currency]
        : [account, side, amount, currency, held, captured, reversed];
    }),
  );
}

export function unpackLines(text: string): readonly TransactionLine[] {
  return (JSON.parse(text) as readonly PackedLine[]).map(
    ([account, side, amount, currency, held = '0', captured = amount, reversed = '0']) => ({
      account,
      direction: side === 'D' ? 'debit' : 'credit',
      amount,
      currency,
      held,
      captured,
      reversed,
    }),
  );
}

/** One letter per status in the rows. */
export const statusLetters: Readonly<Record<TransactionStatus, string>> = {
  posted: 'P',
  pending: 'H',
  voided: 'V',
  expired: 'E',
};

const names = new Map(
  Object.entries(statusLetters).map(([name, letter]) => [letter, name as TransactionStatus]),
);

export function statusOf(letter: string): TransactionStatus {
  const status = names.get(letter);
  if (status === undefined) throw new Error(`the letter ${letter} stands for no status`);
  return status;
}

const parts = ['amount', 'held', 'captured', 'reversed'] as const;

/**
 * What no events could have made of a transaction's row, or undefined. Debits equal credits in every part of the lines,
 * in each currency.
 */
export function transactionContradiction(
  status: TransactionStatus,
  isHold: boolean,
  lines: readonly TransactionLine[],
): string | undefined {
  const sums = new Map<string, bigint>();
  let held = 0n;
  for (const line of lines) {
    const amount = BigInt(line.amount);
    const captured = BigInt(line.captured);
    if (BigInt(line.held) + captured > amount || BigInt(line.reversed) > captured)
      return `the line of ${line.account} has more held, captured or reversed than there is`;
    held += BigInt(line.held);
    for (const part of parts) {
      const key = `${part} ${line.currency}`;
      const value = BigInt(line[part]);
      sums.set(key, (sums.get(key) ?? 0n) + (line.direction === 'debit' ? value : -value));
    }
  }
  for (const [key, sum] of sums) if (sum !== 0n) return `its debits and credits differ by ${sum} (${key})`;
  if (lines.length < 2) return 'it has fewer than two lines';
  if ((status === 'pending') !== held > 0n) return `it is ${status} with ${held} held`;
  if (!isHold && status !== 'posted') return `it is ${status} and no hold`;
  return undefined;
}
