import { base62, bytesToBigInt } from './base62';
import { crc32 } from './crc32';

const tokenPrefix = 'sk_';
const idPrefix = 'key_';
/** 9 digits of the time in milliseconds, then 7 random ones: sorts by age, unique by 41 bits within a millisecond. */
const idTimeLength = 9;
const idRandomLength = 7;
const idLength = idTimeLength + idRandomLength;
/** 43 digits of base 62 hold 256 bits. */
const secretLength = 43;
const checksumLength = 6;
const tokenPattern = new RegExp(`^${tokenPrefix}[0-9A-Za-z]{${idLength + secretLength + checksumLength}}$`);

/** How many random bytes `newApiKeyId` and a secret take. */
export const apiKeyIdBytes = 6;
export const apiKeySecretBytes = 32;

/** `key_…`, sortable by age. `nowMs`: Unix time in milliseconds; `random`: 6 bytes. */
export function newApiKeyId(nowMs: number, random: Uint8Array): string {
  return `${idPrefix}${base62(BigInt(nowMs), idTimeLength)}${base62(bytesToBigInt(random), idRandomLength)}`;
}

/**
 * The key that its holder sends: `sk_`, the id without its prefix, the secret, and a checksum over all of it (CRC-32, base 62), by which
 * typing errors, and secret scanners' false finds, are told without asking anybody. `secret`: 32 bytes.
 */
export function formatApiKey(apiKeyId: string, secret: Uint8Array): string {
  const text = `${tokenPrefix}${apiKeyId.slice(idPrefix.length)}${base62(bytesToBigInt(secret), secretLength)}`;
  return text + base62(BigInt(crc32(text)), checksumLength);
}

/** The id of the key that a token is of, or undefined when it is not a well-formed key. Says nothing about whether it is valid. */
export function parseApiKey(token: string): { readonly apiKeyId: string } | undefined {
  if (!tokenPattern.test(token)) return undefined;
  const text = token.slice(0, -checksumLength);
  if (token.slice(-checksumLength) !== base62(BigInt(crc32(text)), checksumLength)) return undefined;
  return { apiKeyId: idPrefix + token.slice(tokenPrefix.length, tokenPrefix.length + idLength) };
}
