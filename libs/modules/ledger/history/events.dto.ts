import { Is, Optional, cursorRule, limitRule, revisionRule } from '@fintech-ledger/http';
import { eventTypeRule, addressRule } from '../rules';

export class EventStreamQuery {
  @Is(revisionRule, 'The first revision that is wanted.')
  @Optional()
  declare readonly from_revision?: string;

  @Is(eventTypeRule, 'Only events of this type.')
  @Optional()
  declare readonly type?: string;

  @Is(addressRule, 'Only events that touched this account.')
  @Optional()
  declare readonly account?: string;
}

export class EventsQuery extends EventStreamQuery {
  @Is(limitRule, 'How many events a page has.')
  @Optional()
  declare readonly limit?: string;

  @Is(cursorRule, 'The place in the list, as `next_cursor` of the page before.')
  @Optional()
  declare readonly cursor?: string;
}
