import { refusal } from '@fintech-ledger/contract';
import { statementEntriesMax, statementReadMax } from './limits';

export const periodNotOver = refusal(
  'period_not_over',
  'rule',
  'The period of the statement ends in the future.',
);
export const statementNotExpressible = refusal(
  'statement_not_expressible',
  'rule',
  'camt.053 can not say this statement: its unit is no ISO 4217 currency, or an amount has more than 18 digits.',
);
export const statementTooLong = refusal(
  'statement_too_long',
  'rule',
  `A statement has at most ${statementEntriesMax} entries, and is made of at most ${statementReadMax}, ` +
    'holds and their releases included: ask for a shorter period.',
);
