import { descriptionLengthMax, nameLengthMax, referenceLengthMax } from '@fintech-ledger/contract';
import { lengthRule, textRule } from './rule';

export const nameRule = lengthRule('name', 1, nameLengthMax);
export const descriptionRule = lengthRule('description', 0, descriptionLengthMax);
export const referenceRule = lengthRule('reference', 1, referenceLengthMax);

/** At most 254 characters with one @ (RFC 5321): whether mail arrives there is not for us to say. */
export const emailRule = textRule(
  'email',
  'invalid_value',
  'an e-mail address: at most 64 characters without spaces, @, at most 189',
  /^[^\s@]{1,64}@[^\s@]{1,189}$/,
);
export const countryRule = textRule(
  'country',
  'invalid_value',
  'two letters, A-Z (ISO 3166-1)',
  /^[A-Z]{2}$/,
);
