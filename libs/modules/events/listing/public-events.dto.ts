import { Is, Optional, PageQuery, textRule, timeRule } from '@fintech-ledger/http';
import { typesPattern } from '../catalogue/types-pattern';
import { typePatternsMax } from './limits';

const typesRule = textRule(
  'public_event_types',
  'invalid_parameter',
  `types of events, such as 'transaction.posted' or 'hold.*', at most ${typePatternsMax} with commas between`,
  new RegExp(`^${typesPattern}(?:,${typesPattern}){0,${typePatternsMax - 1}}$`),
);
const objectRule = textRule(
  'event_object',
  'invalid_parameter',
  "the id of an object, such as 'txn_1', or the address of an account",
  /^[A-Za-z0-9_:-]{1,255}$/,
);
const ledgerRule = textRule(
  'ledger_id',
  'invalid_parameter',
  "the id of a ledger, such as 'led_1'",
  /^led_[A-Za-z0-9_-]{1,64}$/,
);

export class PublicEventsQuery extends PageQuery {
  @Is(typesRule, 'Only events of these types.')
  @Optional()
  declare readonly type?: string;

  @Is(objectRule, 'Only events of this object; a reversal is found under what it reverses too.')
  @Optional()
  declare readonly object?: string;

  @Is(ledgerRule, 'Only events of this ledger.')
  @Optional()
  declare readonly ledger?: string;

  @Is(timeRule, 'Only events that were created from this time on; in a sandbox by its clock.')
  @Optional()
  declare readonly from?: string;

  @Is(timeRule, 'Only events that were created before this time; in a sandbox by its clock.')
  @Optional()
  declare readonly to?: string;
}
