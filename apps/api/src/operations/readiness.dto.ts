import { Is, Optional } from '../validation/decorators';
import { oneOfRule } from '../validation/rule';

export class ReadinessQuery {
  /** What the asker can't do without. */
  @Is(oneOfRule('required_part', ['writes']))
  @Optional()
  declare readonly require?: 'writes';
}
