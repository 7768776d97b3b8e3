import { bankAccountNotFound } from '@fintech-ledger/connect/domain';
import { dayRule, textRule } from '@fintech-ledger/http';
import type { PathParameter } from '@fintech-ledger/http';
import { connectedAccountNotFound } from '@fintech-ledger/payments/domain';

// What the values of requests about connected accounts have to be.

export const birthDateRule = dayRule('birth_date');
export const urlRule = textRule(
  'business_url',
  'invalid_value',
  'an address that begins with https:// or http://, of at most 500 characters',
  /^https?:\/\/[^\s]{1,490}$/,
);
/** With spaces or without; its check digits are judged when its shape is known. */
export const ibanRule = textRule(
  'iban',
  'invalid_value',
  'an IBAN: two letters, two digits, 11 to 30 letters and digits, with spaces or without',
  /^[A-Za-z]{2}[0-9]{2}(?: ?[A-Za-z0-9]){11,30}$/,
);

export const accountParameter: PathParameter = {
  name: 'account',
  description: 'The id of the connected account.',
  pattern: /^acct_[A-Za-z0-9]{1,64}$/,
  refusal: connectedAccountNotFound,
  detail: 'There is no such connected account.',
};
export const bankAccountParameter: PathParameter = {
  name: 'bankAccount',
  description: 'The id of the bank account.',
  pattern: /^ba_[A-Za-z0-9_-]{1,64}$/,
  refusal: bankAccountNotFound,
  detail: 'The connected account has no such bank account.',
};
