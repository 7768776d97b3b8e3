import { Is, Optional, oneOfRule } from '@fintech-ledger/http';

export class ReadinessQuery {
  @Is(oneOfRule('required_part', ['writes']), "What the asker can't do without: 503 when it is not there.")
  @Optional()
  declare readonly require?: 'writes';
}
