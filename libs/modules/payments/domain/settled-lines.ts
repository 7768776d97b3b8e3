import type { PaymentEvent } from './events';
import { accountSettlementKey, reserveKey, settlementKey } from './records';

/** The key of what is over by an event: the lines that wait for it are available. */
export function settledKeyOf({ data, type }: PaymentEvent): string | undefined {
  if (type === 'ReserveReleased') {
    const { account, currency, releaseOn } = data.reserve;
    return reserveKey(account, currency, releaseOn);
  }
  if (!('settlement' in data)) return undefined;
  const { rail, currency, availableOn } = data.settlement;
  return 'account' in data.settlement
    ? accountSettlementKey(data.settlement.account, rail, currency, availableOn)
    : settlementKey(rail, currency, availableOn);
}
