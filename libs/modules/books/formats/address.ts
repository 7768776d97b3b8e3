import { trimEndOf } from '@fintech-ledger/contract';
import { hash } from 'node:crypto';
import { addressLengthMax } from '@fintech-ledger/ledger/domain';

/**
 * The address of an account of a source. Characters that an address can't have become `_x<code point>_`, an empty segment `_x_`,
 * and `_x` itself `_x5f_x`, so two names never share an address. A name that would get too long ends in its hash.
 */
export function encodeAddress(name: string): string {
  const address = name.split(':').map(encodeSegment).join(':');
  if (address.length <= addressLengthMax) return address;
  return `${trimEndOf(address.slice(0, 180), ':_')}:_xh${hash('sha256', name, 'hex')}`;
}

export function encodeSegment(segment: string): string {
  if (segment === '') return '_x_';
  return segment
    .replace(/_(?=x)/g, '_x5f_')
    .replace(/[^A-Za-z0-9_-]/gu, (character) => `_x${(character.codePointAt(0) ?? 0).toString(16)}_`);
}

/** The addresses that an account of a source may have here: its own, or with the unit behind it where that is taken. */
export function addressesOf({
  address,
  name,
  code,
}: {
  /** Where it is here, if the source says so. */
  readonly address: string | null;
  readonly name: string;
  readonly code: string;
}): readonly string[] {
  if (address !== null) return [address];
  const addresses = [encodeAddress(name)];
  while (addresses.length < 4) addresses.push(encodeAddress(`${addresses.at(-1)}:${encodeSegment(code)}`));
  return addresses;
}
