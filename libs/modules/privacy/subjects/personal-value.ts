import { canonicalJson } from '@fintech-ledger/envelope';
import { seal, SealBroken, sealNonceBytes, unseal } from '@fintech-ledger/journal';
import { sealedPrefix } from '@fintech-ledger/privacy/domain';
import { createHmac } from 'node:crypto';
import { JsonPath } from './json-path';

/** A data subject, with the key that its personal values are encrypted with. */
export interface SubjectKey {
  /** `sub_…` */
  readonly id: string;
  /** 32 bytes. */
  readonly key: Buffer;
}

/**
 * What a value is, such as `customer.email`: it opens as nothing else. One that ends with `.part` is a part of the
 * member before that, such as `dispute.evidence.part`: the object that has it is null once its key is gone.
 */
export type ValueLabel = `${string}.${string}` | 'metadata';

const erasedText = 'erased';
/** In the place of what was sealed, as imports keep it: it was erased, or unreadable, when it was exported. */
const neverOpens: ReadonlySet<string> = new Set([erasedText, 'unreadable']);
const sealedMark = `"${sealedPrefix}`;
/** A value: the name of a member, which a client may choose, is none, and a quote within a text begins none. */
const sealedText = /(?<!\\)"sealed:1:([a-z_.]+):(sub_[A-Za-z0-9]+):([A-Za-z0-9_-]+)"(?!\s*:)/g;

/**
 * Encrypts a JSON value: `sealed:1:<label>:<subject>:<nonce, ciphertext, tag; base64url>`, by AES-256-GCM. The nonce
 * follows from key, label and value (as in a synthetic IV, RFC 5297), so that one value of one subject has one text:
 * what does not change is seen not to change, and a request that is sent again has the same hash.
 */
export function sealValue({ id, key }: SubjectKey, label: ValueLabel, value: unknown): string {
  const plain = canonicalJson(value);
  const ref = refOf(label, id);
  // The key is one of 256 random bits, and serves for two things that can't be taken for one another: AES, and HMAC.
  const nonce = createHmac('sha256', key).update(`${ref}\n${plain}`).digest().subarray(0, sealNonceBytes);
  return `${sealedPrefix}${ref}:${seal(key, plain, ref, nonce).toString('base64url')}`;
}

const refOf = (label: string, subject: string): string => `${label}:${subject}`;

/** Whether a JSON text may have sealed values in it. */
export const isPersonal = (json: string): boolean => json.includes(sealedMark);

/** The subjects whose values a JSON text has in it. */
export function subjectsIn(json: string): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const [, , subject = ''] of json.matchAll(sealedText)) ids.add(subject);
  return ids;
}

/** Those whose key opens values in their places: a client's text that looks like a value names nobody. */
export function subjectsInPlace(json: string): ReadonlySet<string> {
  const ids = new Set<string>();
  if (!isPersonal(json)) return ids;
  const path = new JsonPath(json);
  for (const match of json.matchAll(sealedText)) {
    const [, label = '', subject = '', sealed = ''] = match;
    if (!neverOpens.has(sealed) && isInPlace(label, path.namesAt(match.index))) ids.add(subject);
  }
  return ids;
}

/** Null: the subject was erased. Undefined: the key is lost. */
type KeyOf = (subject: string) => Buffer | null | undefined;

/**
 * The same JSON with its sealed values opened. Null: its key is gone. Metadata says whose it is: `{subject, value}`;
 * `{subject, value: null, erased: true}`; or with `unreadable` where the key is lost. What only looks like a value,
 * because a client wrote it, stays as it is.
 */
export function openValues(json: string, keyOf: KeyOf): string {
  return [...openEach(withoutGoneParts(json, keyOf), keyOf, () => true)].join('');
}

const partOfWhole = '.part';
const isGonePart = ([, label = '', subject = '']: readonly string[], keyOf: KeyOf): boolean =>
  label.endsWith(partOfWhole) && !keyOf(subject);

function withoutGoneParts(json: string, keyOf: KeyOf): string {
  const isGone = [...json.matchAll(sealedText)].some((match) => isGonePart(match, keyOf));
  return isGone ? JSON.stringify(withoutGone(JSON.parse(json), keyOf, [])) : json;
}

/** The same, and null for each object that has a part of it whose key is gone. @param names of the members it is in */
function withoutGone(value: unknown, keyOf: KeyOf, names: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((each) => withoutGone(each, keyOf, names));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value);
  const isGone = members.some(([, member]) => {
    const match =
      typeof member === 'string' ? [...JSON.stringify(member).matchAll(sealedText)][0] : undefined;
    return match !== undefined && isGonePart(match, keyOf) && isInPlace(match[1] ?? '', names);
  });
  if (isGone) return null;
  return Object.fromEntries(
    members.map(([name, member]) => [name, withoutGone(member, keyOf, [...names, name])]),
  );
}

/** The values of metadata alone, piece by piece: each ends with one that was just opened. */
export const openMetadata = (json: string, keyOf: KeyOf): Generator<string> =>
  openEach(json, keyOf, (label) => label === 'metadata');

function* openEach(json: string, keyOf: KeyOf, isWanted: (label: string) => boolean): Generator<string> {
  const path = new JsonPath(json);
  let from = 0;
  for (const match of json.matchAll(sealedText)) {
    const [all, label = '', subject = '', sealed = ''] = match;
    if (!isWanted(label) || !isInPlace(label, path.namesAt(match.index))) continue;
    yield json.slice(from, match.index) + opened(all, label, subject, sealed, keyOf);
    from = match.index + all.length;
  }
  yield json.slice(from);
}

/**
 * Whether a value of this label may stand there: in metadata, or in the member that the label names. No text of a
 * client does: of metadata none may begin as ours do, and what is personal is sealed. Anywhere else it is a client's
 * text, which nothing tells from the value of somebody erased.
 */
function isInPlace(label: string, names: readonly string[]): boolean {
  const member = label.endsWith(partOfWhole) ? label.slice(0, -partOfWhole.length) : label;
  const wanted = plainName(member.slice(member.lastIndexOf('.') + 1));
  return names.some((name) => plainName(name) === wanted);
}

/** Events and answers write names in two ways. */
const plainName = (name: string): string => name.replaceAll('_', '').toLowerCase();

function opened(all: string, label: string, subject: string, sealed: string, keyOf: KeyOf): string {
  const key = keyOf(subject);
  const value = key ? plainOf(key, refOf(label, subject), sealed) : undefined;
  if (label !== 'metadata') return key ? (value ?? all) : 'null';
  if (value !== undefined) return `{"subject":"${subject}","value":${value}}`;
  const why = key === null || sealed === erasedText ? 'erased' : 'unreadable';
  return `{"subject":"${subject}","value":null,"${why}":true}`;
}

/** Undefined: it was not sealed with this key. */
function plainOf(key: Buffer, ref: string, sealed: string): string | undefined {
  try {
    return unseal(key, Buffer.from(sealed, 'base64url'), ref).toString('utf8');
  } catch (error) {
    if (error instanceof SealBroken) return undefined;
    throw error;
  }
}

/** What stands in metadata for a value whose key is destroyed: it opens with no key. */
export const erasedValue = (subject: string): string =>
  `${sealedPrefix}${refOf('metadata', subject)}:${erasedText}`;
