import { base62, bytesToBigInt } from './base62';
import { crc32 } from './crc32';

/** Whose books a key opens: those of a live organization, or of a sandbox. */
export type KeyMode = 'live' | 'test';

/** `_` is no digit of base 62, so a key of an earlier release, which says no mode, is never taken for another one. */
const prefixOf = (mode: KeyMode | undefined): string => (mode === undefined ? 'sk_' : `sk_${mode}_`);
const idPrefix = 'key_';
/** 9 digits of the time in milliseconds, then 7 random ones: sorts by age, unique by 41 bits within a millisecond. */
const idTimeLength = 9;
const idRandomLength = 7;
const idLength = idTimeLength + idRandomLength;
/** 43 digits of base 62 hold 256 bits. */
const secretLength = 43;
const checksumLength = 6;
const tokenPattern = new RegExp(
  `^sk_(?:live_|test_)?([0-9A-Za-z]{${idLength}})[0-9A-Za-z]{${secretLength + checksumLength}}$`,
);

/** How many random bytes `newApiKeyId` and a secret take. */
export const apiKeyIdBytes = 6;
export const apiKeySecretBytes = 32;

/** `key_…`, sortable by age. `nowMs`: Unix time in milliseconds; `random`: 6 bytes. */
export function newApiKeyId(nowMs: number, random: Uint8Array): string {
  return `${idPrefix}${base62(BigInt(nowMs), idTimeLength)}${base62(bytesToBigInt(random), idRandomLength)}`;
}

/**
 * The key that its holder sends: `sk_live_` or `sk_test_`, the id without its prefix, the secret, and a checksum over all of it (CRC-32,
 * base 62), by which typing errors, and secret scanners' false finds, are told without asking anybody.
 * @param secret 32 bytes
 * @param mode absent: `sk_`, as earlier releases made keys
 */
export function formatApiKey(apiKeyId: string, secret: Uint8Array, mode?: KeyMode): string {
  const text = `${prefixOf(mode)}${apiKeyId.slice(idPrefix.length)}${base62(bytesToBigInt(secret), secretLength)}`;
  return text + base62(BigInt(crc32(text)), checksumLength);
}

/** The id of the key that a token is of, or undefined when it is not a well-formed key. Says nothing about whether it is valid. */
export function parseApiKey(token: string): { readonly apiKeyId: string } | undefined {
  const id = tokenPattern.exec(token)?.[1];
  if (id === undefined) return undefined;
  const text = token.slice(0, -checksumLength);
  if (token.slice(-checksumLength) !== base62(BigInt(crc32(text)), checksumLength)) return undefined;
  return { apiKeyId: idPrefix + id };
}
