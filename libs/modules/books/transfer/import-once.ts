import { holdKey, idempotencyKeyOf, isKept, keyedRequestOf, principalOf } from '@fintech-ledger/http';
import type { ApiLog, ApiRequest, KeptAnswer, KeptAnswers, KeyedRequest } from '@fintech-ledger/http';
import type { SpooledFile } from '@fintech-ledger/books/formats';
import { createHash } from 'node:crypto';
import type { ImportAnswer } from './import-answer';
import type { ImportQuery } from './transfer.dto';

/** What makes an import the same one as before: the ledger, its file and how it is read. */
interface AskedImport {
  readonly request: ApiRequest;
  readonly ledger: string;
  readonly query: ImportQuery;
  readonly file: SpooledFile;
  /** Rejects when the API key of the request is not in force any more. */
  readonly confirm: () => Promise<void>;
}

/**
 * Does an import, or answers as the one with its idempotency key was answered. What books hold is known by content, so
 * one without a key adds nothing the second time either; its answer says so then.
 * @throws ApiProblem `idempotency_key_reused`, `outcome_unknown`, `unauthenticated`
 */
export async function importOnce(
  kept: KeptAnswers,
  log: ApiLog,
  { request, ledger, query: { dry_run: isTried, ...reading }, file, confirm }: AskedImport,
  work: (key?: KeyedRequest) => Promise<ImportAnswer>,
): Promise<ImportAnswer> {
  const key = idempotencyKeyOf(request);
  if (key === undefined) return work();
  const type = request.headers['content-type']?.split(';', 1)[0] ?? '';
  const asked = { reading, type, file: await hashOf(file) };
  // Whose ledger it is, is found out by the first command alone.
  const scope = `${principalOf(request).organizationId}/${ledger}`;
  const keyed = keyedRequestOf(request, key, asked, scope);
  if (isTried === 'true') return work(keyed);
  const held = await holdKey(kept, log, keyed, confirm);
  if (isKept(held)) return answeredBefore(held);
  let ended: KeptAnswer = { status: 500, body: '' };
  try {
    const answer = await work(keyed);
    ended = { status: answer.status, body: JSON.stringify(answer.body) };
    return answer;
  } finally {
    await held.end(ended);
  }
}

async function hashOf({ read }: SpooledFile): Promise<string> {
  const hash = createHash('sha256');
  for await (const bytes of read()) hash.update(bytes);
  return hash.digest('hex');
}

function answeredBefore({ status, body: json }: KeptAnswer): ImportAnswer {
  const body = JSON.parse(json) as { readonly position: string };
  const contentType = 'application/json; charset=utf-8';
  return { status, contentType, body, position: body.position, isReplayed: true };
}
