import { ReadModelInconsistent, isoTime, isoTimeOrNull } from '@fintech-ledger/projection-runtime';
import { transactionView } from '../../journal/transaction-view';
import type { TransactionView } from '@fintech-ledger/projection-runtime';
import { unpackLines } from './lines';
import { statusOf } from './status';
import { transactionContradiction } from '../../read-model/transaction-contradiction';
import type { TransactionLine, TransactionStatus } from '@fintech-ledger/ledger/domain';

export interface TransactionRow {
  readonly revision: string;
  readonly effective_ms: string;
  readonly recorded_ms: string;
  readonly expires_ms: string | null;
  readonly status: string;
  readonly is_hold: boolean;
  readonly id: string;
  readonly reference: string | null;
  readonly reverses: string | null;
  readonly description: string | null;
  readonly reversed_by: string;
  readonly lines: string;
  readonly metadata: Readonly<Record<string, string>>;
}

export const transactionColumns =
  't.revision, t.effective_ms, t.recorded_ms, t.expires_ms, t.status, t.is_hold, t.id, t.reference, t.reverses, t.description, ' +
  't.reversed_by, t.lines, t.metadata';

/** The row as the API shows it: the same shape in which the command answered. @throws ReadModelInconsistent */
export function storedTransactionView(ledgerId: string, row: TransactionRow): TransactionView {
  const { status, lines, reversedBy } = contentOf(ledgerId, row);
  return transactionView({
    id: row.id,
    status,
    isHold: row.is_hold,
    lines,
    description: row.description,
    reference: row.reference,
    effectiveAt: isoTime(row.effective_ms),
    recordedAt: isoTime(row.recorded_ms),
    expiresAt: isoTimeOrNull(row.expires_ms),
    reverses: row.reverses,
    reversedBy,
    metadata: row.metadata,
  });
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
      reversedBy: JSON.parse(row.reversed_by) as string[],
    };
    reason = transactionContradiction(content.status, row.is_hold, content.lines);
  } catch (error) {
    reason = `it can't be read (${String(error)})`;
  }
  if (content !== undefined && reason === undefined) return content;
  throw new ReadModelInconsistent(ledgerId, `transaction ${row.id}`, reason ?? 'it is empty');
}
