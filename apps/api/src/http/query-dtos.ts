import { Is, Optional } from '../validation/decorators';
import { cursorRule, limitRule, yesNoRule } from '../validation/query-rules';

export class NoQuery {}

export class CommandQuery {
  /** Checks and answers as ever, writes nothing. */
  @Is(yesNoRule)
  @Optional()
  declare readonly dry_run?: 'true' | 'false';
}

export class PageQuery {
  @Is(limitRule)
  @Optional()
  declare readonly limit?: string;

  @Is(cursorRule)
  @Optional()
  declare readonly cursor?: string;
}
