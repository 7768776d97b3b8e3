import { reachPosition } from '@fintech-ledger/http';
import type { Acknowledged } from '@fintech-ledger/http';
import type { PaymentQueries } from '@fintech-ledger/payments';
import type { ReadLine } from '../camt053/entry-lines';
import type { ReadStatement } from '../camt053/read-camt053';

/** Payouts of one line: a day's file has some thousands at most. */
const payoutsOfLineMax = 10_000;
const pageSize = 500;

/** The payouts of a file that a bank booked as one debit: a line each. */
export class CollectiveDebits {
  constructor(
    private readonly payments: PaymentQueries,
    private readonly acknowledged: Acknowledged,
  ) {}

  /**
   * A statement whose lines for whole batches are lines for their payouts, as though the bank had booked those. A line
   * that names a batch and has another sum stays as it is: a person says what it was for.
   * @param ledgerId undefined: nothing was ever paid here
   * @throws ReadModelBehind, ReadModelHalted nobody could say it of the whole sum later
   */
  async split(
    read: ReadStatement,
    organizationId: string,
    ledgerId: string | undefined,
  ): Promise<ReadStatement> {
    if (ledgerId === undefined || !read.lines.some((line) => batchOf(line, read.currency) !== null))
      return read;
    const at = this.acknowledged.ledgers;
    await reachPosition(this.payments, at, ledgerId, { organizationId }, 'The payments have');
    const lines: ReadLine[] = [];
    const asked = new Set<string>();
    for (const line of read.lines) {
      const batch = batchOf(line, read.currency);
      // A file is executed once: a second line for it is for something else.
      const parts =
        batch === null || asked.has(batch) ? undefined : await this.partsOf(line, ledgerId, batch);
      if (batch !== null) asked.add(batch);
      lines.push(...(parts ?? [line]));
    }
    return { ...read, lines };
  }

  /** Undefined: they are not what the line says. */
  private async partsOf(
    line: ReadLine,
    ledgerId: string,
    batch: string,
  ): Promise<readonly ReadLine[] | undefined> {
    const parts: ReadLine[] = [];
    let left = line.amountMinor;
    for (let cursor: string | undefined; ;) {
      const page = { limit: pageSize, ...(cursor !== undefined && { cursor }) };
      const { result } = await this.payments.payouts(ledgerId, { batch }, page);
      for (const { facts } of result.data) {
        left -= BigInt(facts.amount);
        parts.push({ ...line, amountMinor: BigInt(facts.amount), batchId: null, endToEndId: facts.id });
      }
      if (!result.has_more || left < 0n || parts.length > payoutsOfLineMax) break;
      cursor = result.next_cursor ?? undefined;
    }
    return left === 0n && parts.length > 0 && parts.length <= payoutsOfLineMax ? parts : undefined;
  }
}

/** The batch of ours that a debit is for; null: none, or the bank says which payout it is. */
function batchOf({ batchId, direction, endToEndId }: ReadLine, currency: string): string | null {
  if (batchId === null || direction !== 'debit' || /^po_/.test(endToEndId ?? '')) return null;
  return /^pob_\d{8}[A-Z]{3}$/.test(batchId) && batchId.endsWith(currency) ? batchId : null;
}
