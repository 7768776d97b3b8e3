import type { PayoutFacts } from '@fintech-ledger/payments/domain';
import type { PaymentQueries } from './queries';

/** Payouts of a batch that are read at once. */
const payoutsAtOnce = 500;

/** All payouts of a batch, page by page, newest first. */
export async function* payoutsOfBatch(
  queries: Pick<PaymentQueries, 'payouts'>,
  ledgerId: string,
  batch: string,
): AsyncGenerator<readonly PayoutFacts[]> {
  let cursor: string | undefined;
  do {
    const page = { limit: payoutsAtOnce, ...(cursor !== undefined && { cursor }) };
    const { result } = await queries.payouts(ledgerId, { batch }, page);
    yield result.data.map(({ facts }) => facts);
    cursor = result.next_cursor ?? undefined;
  } while (cursor !== undefined);
}
