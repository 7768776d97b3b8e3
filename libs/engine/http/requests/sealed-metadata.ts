import { dataSubjectErased, dataSubjectNotFound } from '@fintech-ledger/contract';
import type { DeclaredRefusal } from '@fintech-ledger/contract';
import { hash } from 'node:crypto';
import { ApiProblem } from '../problems/api-problem';
import { keyLost } from '../problems/key-lost';
import { takeSubjectValues } from '../validation/subject-values';
import type { FoundSubjectValue, SubjectValue } from '../validation/subject-values';

/** The name under which what seals metadata is provided to handlers. */
export const sealedMetadataPort = Symbol('SealedMetadata');

/** What a value of a data subject is kept as; null: there is no such subject in the organization. */
export interface SealedValue {
  /** A text that `openAll` opens. */
  readonly text: string;
  /** Why there is no key to seal it with: the text stands in its place, and is not to be kept. Null: it is sealed. */
  readonly gone: 'erased' | 'lost' | null;
}
/** Seals values of metadata with the keys of their data subjects, and opens them. */
export interface SealedMetadata {
  /** In their order. @throws DatabaseUnavailable */
  sealAll(organizationId: string, values: readonly SubjectValue[]): Promise<readonly (SealedValue | null)[]>;
  /**
   * The JSON text with each value as `{subject, value}`, or `{subject, value: null, erased: true}`; `unreadable` in
   * place of `erased` where the key is lost.
   * @throws DatabaseUnavailable
   */
  openAll(organizationId: string, json: string): Promise<string>;
}

/** Of the JSON texts with such a value all have this. */
export const sealedStart = '"sealed:1:metadata:';
export const mayBeSealed = (json: string): boolean => json.includes(sealedStart);
const sealedInJson = /(?<!\\)"sealed:1:metadata:(sub_[A-Za-z0-9]+):[^"]*"(?!:)/g;

/** What a body with values of data subjects came to, once they are sealed in it. */
export class SealedBody {
  /** @param problem what it is answered with unless it was answered before: a subject is erased, or its key lost */
  constructor(readonly problem: ApiProblem | undefined) {}

  /**
   * SHA-256 (hex) of the request without the values, and that of their ciphertext: without its key nobody can make the
   * second one again, and a repetition is recognised by the first.
   * @param request the canonical JSON
   * @param erased stands for the second one then
   */
  hashOf(request: string, erased: string): string {
    const texts: string[] = [];
    const rest = request.replace(sealedInJson, (text, subject: string) => {
      texts.push(text);
      return `"sealed:1:metadata:${subject}"`;
    });
    const second = this.problem === undefined ? hash('sha256', texts.join('\n'), 'hex') : erased;
    return `${hash('sha256', rest, 'hex')}.${second}`;
  }
}

/**
 * Seals the values of data subjects in what was just validated, in their places.
 * @param isKeyed whether the request has an idempotency key: somebody whose key is gone may be in its repetition
 * @returns null: it has none
 * @throws ApiProblem `data_subject_not_found`, `data_subject_erased`, `unavailable`; then nothing was changed in it
 */
export async function sealMetadata(
  metadata: SealedMetadata,
  organizationId: string,
  body: unknown,
  isKeyed: boolean,
): Promise<SealedBody | null> {
  // Before anything is awaited: other requests are validated meanwhile.
  const found = takeSubjectValues(body);
  if (found.length === 0) return null;
  const given = found.map((one) => one.given);
  const sealed = await metadata.sealAll(organizationId, given);
  let problem: ApiProblem | undefined;
  for (const [at, one] of found.entries()) {
    const value = sealed[at] ?? null;
    if (value === null) throw problemOf(dataSubjectNotFound, one, 'There is no such data subject');
    if (value.gone === 'erased') problem ??= problemOf(dataSubjectErased, one, 'The data subject was erased');
    if (value.gone === 'lost') problem ??= keyLost(one.given.subject);
  }
  if (problem !== undefined && !isKeyed) throw problem;
  for (const [at, { parent, name }] of found.entries()) parent[name] = sealed[at]?.text;
  return new SealedBody(problem);
}

function problemOf(refusal: DeclaredRefusal, { given, param }: FoundSubjectValue, says: string): ApiProblem {
  return new ApiProblem(refusal, `${says}: ${given.subject}.`, { param: `${param}/subject` });
}

/** What of a request takes part. */
interface Sealing {
  readonly principal: { readonly organizationId: string } | null;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, unknown>>;
  sealed: SealedBody | null;
}

export function sealBody(metadata: SealedMetadata, request: Sealing, done: (error?: Error) => void): void {
  const { principal, body } = request;
  const isKeyed = request.headers['idempotency-key'] !== undefined;
  sealMetadata(metadata, principal?.organizationId ?? '', body, isKeyed).then(
    (sealed) => {
      request.sealed = sealed;
      done();
    },
    (error: unknown) => done(error as Error),
  );
}

/** Opens what is about to be sent. */
export function openAnswer(
  metadata: SealedMetadata,
  organizationId: string,
  json: string,
  done: (error: Error | null, payload?: string) => void,
): void {
  metadata.openAll(organizationId, json).then(
    (opened) => done(null, opened),
    (error: unknown) => done(error as Error),
  );
}
