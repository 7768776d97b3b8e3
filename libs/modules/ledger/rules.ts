import { oneOfRule, textRule } from '@fintech-ledger/http/base';
import type { JsonSchema, Rule } from '@fintech-ledger/http';
import {
  accountTypes,
  addressLengthMax,
  addressPattern,
  amountDigitsMax,
  isAddress,
  unitCodePattern,
} from '@fintech-ledger/ledger/domain';
import { journalEventTypes } from './history/journal-event-types';

// What the values of a ledger's requests have to be.

export const transactionIdPattern = /^txn_[A-Za-z0-9_-]{1,64}$/;

const digits = amountDigitsMax - 1;

export const amountRule = textRule(
  'amount',
  'invalid_amount',
  'a string of 1 to 36 digits without a leading zero, in minor units',
  new RegExp(`^[1-9][0-9]{0,${digits}}$`),
);
export const boundRule = textRule(
  'bound',
  'invalid_amount',
  'a string of 1 to 36 digits without a leading zero, with a minus or without, in minor units',
  new RegExp(`^(?:0|-?[1-9][0-9]{0,${digits}})$`),
);
const addressSchema: JsonSchema = {
  type: 'string',
  pattern: addressPattern.source,
  maxLength: addressLengthMax,
};
export const addressRule: Rule = {
  name: 'address',
  code: 'invalid_address',
  says: "segments of A-Z, a-z, 0-9, '_' and '-' with ':' between, at most 255 characters",
  accepts: (value) => typeof value === 'string' && isAddress(value),
  schema: addressSchema,
};
export const currencyRule = textRule(
  'currency',
  'invalid_currency',
  'an ISO 4217 code, or the code of a declared unit',
  unitCodePattern,
);
export const transactionIdRule = textRule(
  'transaction_id',
  'invalid_parameter',
  "the id of a transaction, such as 'txn_1'",
  transactionIdPattern,
);
export const directionRule = oneOfRule('direction', ['debit', 'credit']);
export const accountTypeRule = oneOfRule('account_type', accountTypes);

// In a query string, where everything is a text.

export const prefixRule = textRule(
  'prefix',
  'invalid_address',
  "the beginning of an address: A-Z, a-z, 0-9, '_', '-' and ':'",
  /^[A-Za-z0-9_:-]{0,255}$/,
);
export const segmentsRule = textRule(
  'segments',
  'invalid_parameter',
  'a whole number from 1 to 128',
  /^(?:[1-9][0-9]?|1[01][0-9]|12[0-8])$/,
  { type: 'integer', minimum: 1, maximum: 128 },
);
/** Of the modules that this process runs. */
export const eventTypeRule: Rule = {
  ...eventTypes(),
  get says() {
    return eventTypes().says;
  },
  accepts: (value) => eventTypes().accepts(value),
  get schema() {
    return eventTypes().schema;
  },
};
function eventTypes(): Rule {
  return oneOfRule('event_type', journalEventTypes());
}
export const axisRule = oneOfRule('axis', ['effective', 'recorded']);
export const sourceRule = oneOfRule('source', ['journal']);
export const statusRule = oneOfRule('status', ['posted', 'pending', 'voided', 'expired']);
