import { Is, Optional } from '../validation/decorators';
import { oneOfRule } from '../validation/rule';

export class ReadinessQuery {
  @Is(oneOfRule('required_part', ['writes']), "What the asker can't do without: 503 when it is not there.")
  @Optional()
  declare readonly require?: 'writes';
}
