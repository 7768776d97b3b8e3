import {
  countryCodes,
  descriptionLengthMax,
  isDay,
  nameLengthMax,
  referenceLengthMax,
} from '@fintech-ledger/contract';
import { lengthRule, lineRule, oneOfRule, textRule } from './rule';
import type { Rule } from './rule';

export const nameRule = lineRule('name', nameLengthMax);
export const descriptionRule = lengthRule('description', 0, descriptionLengthMax);
export const referenceRule = lengthRule('reference', 1, referenceLengthMax);

/** At most 254 characters with one @ (RFC 5321): whether mail arrives there is not for us to say. */
export const emailRule = textRule(
  'email',
  'invalid_value',
  'an e-mail address: at most 64 characters without spaces, @, at most 189',
  /^[^\s@]{1,64}@[^\s@]{1,189}$/,
);
/** Documented as two letters: the list changes, and no client has to know it. */
export const countryRule: Rule = {
  ...oneOfRule('country', countryCodes),
  says: 'a code that ISO 3166-1 alpha-2 has assigned, such as DE',
  documented: { type: 'string', pattern: '^[A-Z]{2}$' },
};

/** A day of the calendar from 1900 to 2099, documented as what it looks like. */
export const dayRule = (name: string): Rule => {
  const { accepts, ...shape } = textRule(
    name,
    'invalid_value',
    'a day of the calendar, such as 1990-01-31',
    /^(?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])$/,
  );
  return {
    ...shape,
    accepts: (value) => accepts(value) && isDay(value as string),
    schema: { ...shape.schema, format: 'ledger-day' },
    documented: shape.schema,
  };
};
