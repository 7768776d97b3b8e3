import { Is, oneOfRule, Optional, timeRule } from '@fintech-ledger/http';

const axisRule = { ...oneOfRule('axis', ['effective', 'recorded']), code: 'invalid_parameter' };
const formatRule = {
  ...oneOfRule('statement_format', ['json', 'csv', 'camt053']),
  code: 'invalid_parameter',
};

export class StatementQuery {
  @Is(timeRule, 'Where it begins, inclusive; the first entry by default.')
  @Optional()
  declare readonly from?: string;

  @Is(timeRule, 'Where it ends, exclusive; now by default.')
  @Optional()
  declare readonly to?: string;

  @Is(axisRule, 'Which times count: `effective` (the default) or `recorded`.')
  @Optional()
  declare readonly axis?: 'effective' | 'recorded';

  @Is(formatRule, '`json` (the default), `csv`, or `camt053` (ISO 20022 camt.053.001.08).')
  @Optional()
  declare readonly format?: 'json' | 'csv' | 'camt053';
}
