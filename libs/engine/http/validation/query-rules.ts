import { parseTime } from '@fintech-ledger/contract';
import { pageLimitDefault, pageLimitMax } from '../limits';
import { oneOfRule, textRule } from './rule';
import type { Rule } from './rule';

/** Rules for what stands in a query string, where everything is a text. */
const limitOf = (name: string, unlessGiven: number): Rule =>
  textRule(name, 'invalid_limit', 'a whole number from 1 to 100', /^(?:[1-9][0-9]?|100)$/, {
    type: 'integer',
    minimum: 1,
    maximum: pageLimitMax,
    default: unlessGiven,
  });
export const limitRule = limitOf('limit', pageLimitDefault);
/** Of lists that are short, and read as a whole by tools. */
export const wholeLimitRule = limitOf('whole_limit', pageLimitMax);
export const cursorRule = textRule(
  'cursor',
  'invalid_cursor',
  'what `next_cursor` gave out',
  /^[\x21-\x7e]{1,1024}$/,
);
export const revisionRule = textRule(
  'revision',
  'invalid_parameter',
  'a whole number from 0',
  /^(?:0|[1-9][0-9]{0,14})$/,
  { type: 'integer', minimum: 0, maximum: 999_999_999_999_999 },
);
export const yesNoRule: Rule = {
  ...oneOfRule('yes_no', ['true', 'false']),
  documented: { type: 'boolean' },
};

export const positionPattern = /^([a-z]{2,8}_[A-Za-z0-9_-]{1,64})@(-1|0|[1-9][0-9]{0,14})$/;
export const asOfRule: Rule = {
  name: 'as_of',
  code: 'invalid_time',
  says: 'a time of RFC 3339, or a position `<ledger>@<revision>`',
  accepts: (value) =>
    typeof value === 'string' && (parseTime(value) !== undefined || positionPattern.test(value)),
  schema: { type: 'string', format: 'ledger-moment' },
  documented: { type: 'string' },
};
