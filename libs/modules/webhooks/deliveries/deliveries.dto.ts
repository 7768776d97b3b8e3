import { typesPattern } from '@fintech-ledger/events';
import { Is, oneOfRule, Optional, PageQuery, textRule, timeRule } from '@fintech-ledger/http';
import { deliveryStatuses } from './delivery-shape';

const statusRule = { ...oneOfRule('delivery_status', deliveryStatuses), code: 'invalid_parameter' };
const typeRule = textRule(
  'delivery_type',
  'invalid_parameter',
  "a type of events, such as 'transaction.posted', or the beginning of several, such as 'hold.*'",
  new RegExp(`^${typesPattern}$`),
);

export class DeliveriesQuery extends PageQuery {
  @Is(statusRule, 'Only deliveries of this status.')
  @Optional()
  declare readonly status?: string;

  @Is(typeRule, 'Only deliveries of events of these types.')
  @Optional()
  declare readonly type?: string;

  @Is(timeRule, 'Only deliveries that were made from this time on.')
  @Optional()
  declare readonly from?: string;

  @Is(timeRule, 'Only deliveries that were made before this time.')
  @Optional()
  declare readonly to?: string;
}
