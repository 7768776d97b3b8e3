import { personalFields } from '@fintech-ledger/customers/domain';
import type { PersonalFacts, PersonalField } from '@fintech-ledger/customers/domain';
import { sealValue } from '@fintech-ledger/privacy';
import type { KnownSubject, Lookup } from '@fintech-ledger/privacy';
import type { AddressDto, UpdateCustomerDto } from './customer.dto';

type Said = Pick<UpdateCustomerDto, PersonalField>;
export const emailLabel = 'customer.email';

/** In the one form by which e-mail addresses are looked up. */
export const emailToFind = (email: string): string => email.toLowerCase();

/** The body of a request without what is personal in it: only that it is there. */
export function withoutPersonal<B extends Said>(body: B): object {
  const marks = personalFields.flatMap((field) => {
    const value = body[field];
    return value === undefined || value === null ? [] : [[field, true]];
  });
  return { ...body, ...(Object.fromEntries(marks) as object) };
}

/** Whether a body has personal values, so that it takes a key to keep them. */
export const hasPersonal = (body: Said): boolean =>
  personalFields.some((field) => body[field] !== undefined && body[field] !== null);

/** The personal fields that a body names, sealed. Of somebody whose key is gone nothing can be: null. */
export function sealedFields(body: Said, subject: KnownSubject): Partial<PersonalFacts> {
  const sealed = personalFields.flatMap((field) => {
    const value = body[field];
    if (value === undefined) return [];
    const { id, key } = subject;
    const kept = field === 'address' && value !== null ? wholeAddress(value as AddressDto) : value;
    return [[field, kept === null || !key ? null : sealValue({ id, key }, `customer.${field}`, kept)]];
  });
  return Object.fromEntries(sealed) as Partial<PersonalFacts>;
}

/** What was left out of an address is not known: null. */
function wholeAddress(said: AddressDto): Required<AddressDto> {
  const { line1 = null, line2 = null, city = null, postal_code = null, state = null, country = null } = said;
  return { line1, line2, city, postal_code, state, country };
}

/** By what a customer is found. */
export function lookupsOf(body: Said, sealed: Partial<PersonalFacts>): readonly Lookup[] {
  const { email } = body;
  if (typeof email !== 'string' || typeof sealed.email !== 'string') return [];
  return [{ label: emailLabel, value: emailToFind(email), sealed: sealed.email }];
}
