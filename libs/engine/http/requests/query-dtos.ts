import { Is, Optional } from '../validation/decorators';
import { cursorRule, limitRule, yesNoRule } from '../validation/query-rules';

export class NoQuery {}

export class CommandQuery {
  @Is(yesNoRule, 'Checks and answers as ever, but writes nothing.')
  @Optional()
  declare readonly dry_run?: 'true' | 'false';
}

export class PageQuery {
  @Is(limitRule, 'How many items a page has.')
  @Optional()
  declare readonly limit?: string;

  @Is(cursorRule, 'The place in the list, as `next_cursor` of the page before.')
  @Optional()
  declare readonly cursor?: string;
}
