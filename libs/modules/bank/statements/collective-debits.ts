import { reachPosition } from '@fintech-ledger/http';
import type { Acknowledged } from '@fintech-ledger/http';
import { payoutsOfBatch } from '@fintech-ledger/payments';
import type { PaymentQueries } from '@fintech-ledger/payments';
import type { PayoutBatchFacts } from '@fintech-ledger/payments/domain';
import type { ReadLine } from '../camt053/entry-lines';
import type { ReadStatement } from '../camt053/read-camt053';

/** Payouts of one line: a day's file has some thousands at most. */
const payoutsOfLineMax = 10_000;

/** The payouts of a file that a bank booked as one debit: a line each. */
export class CollectiveDebits {
  constructor(
    private readonly payments: PaymentQueries,
    private readonly acknowledged: Acknowledged,
  ) {}

  /**
   * A statement whose lines for whole batches are lines for their payouts, as though the bank had booked those. A line
   * that names a batch and has another sum stays as it is: a person says what it was for.
   * @param ledgerOf where payouts are looked for; undefined: nothing was ever paid here
   * @throws ReadModelBehind, ReadModelHalted nobody could say it of the whole sum later
   */
  async split(
    read: ReadStatement,
    organizationId: string,
    ledgerOf: () => Promise<string | undefined>,
  ): Promise<ReadStatement> {
    if (!read.lines.some(isOfBatch)) return read;
    const ledgerId = await ledgerOf();
    if (ledgerId === undefined) return read;
    const at = this.acknowledged.ledgers;
    await reachPosition(this.payments, at, ledgerId, { organizationId }, 'The payments have');
    const lines: ReadLine[] = [];
    const asked = new Set<string>();
    for (const line of read.lines) {
      // A file is executed once: a second line for it is for something else.
      const isFirst = isOfBatch(line) && !asked.has(line.batchId);
      const parts = isFirst ? await this.partsOf(line, read.currency, ledgerId) : undefined;
      if (isFirst) asked.add(line.batchId);
      lines.push(...(parts ?? [line]));
    }
    return { ...read, lines };
  }

  /** Undefined: the batch is not what the line says, or there is none. */
  private async partsOf(
    line: LineOfBatch,
    currency: string,
    ledgerId: string,
  ): Promise<readonly ReadLine[] | undefined> {
    const { result } = await this.payments.object(ledgerId, line.batchId);
    if (result === null) return undefined;
    // What begins with `pob_` is a batch.
    const { amount, count, currency: itsCurrency } = result.facts as PayoutBatchFacts;
    const isIt = itsCurrency === currency && BigInt(amount) === line.amountMinor;
    if (!isIt || count > payoutsOfLineMax) return undefined;
    const parts: ReadLine[] = [];
    for await (const page of payoutsOfBatch(this.payments, ledgerId, line.batchId))
      for (const payout of page)
        parts.push({ ...line, amountMinor: BigInt(payout.amount), batchId: null, endToEndId: payout.id });
    const sum = parts.reduce((total, { amountMinor }) => total + amountMinor, 0n);
    return sum === line.amountMinor ? parts : undefined;
  }
}

type LineOfBatch = ReadLine & { readonly batchId: string };

/** Whether a line is a debit for a batch of ours, and says of no payout. */
function isOfBatch(line: ReadLine): line is LineOfBatch {
  const { batchId, direction, endToEndId } = line;
  return (
    direction === 'debit' && batchId?.startsWith('pob_') === true && endToEndId?.startsWith('po_') !== true
  );
}
