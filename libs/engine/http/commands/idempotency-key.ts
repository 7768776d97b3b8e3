import type { FastifyRequest } from 'fastify';
import { idempotencyKeyLengthMax } from '../limits';
import { ApiProblem } from '../problems/api-problem';

const printable = /^[\x20-\x7e]+$/;

/**
 * The request's idempotency key: 1 to 255 printable ASCII characters, or undefined.
 * @throws ApiProblem `invalid_idempotency_key`, `duplicate_idempotency_key`
 */
export function idempotencyKeyOf(request: FastifyRequest): string | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  // Node joins repeated headers with a comma, which a key may hold too: the raw headers tell.
  if (typeof key !== 'string' || (key.includes(',') && isRepeated(request.raw.rawHeaders))) {
    throw new ApiProblem(
      'duplicate_idempotency_key',
      'The request has more than one Idempotency-Key header.',
    );
  }
  if (key.length > idempotencyKeyLengthMax || !printable.test(key)) {
    const detail = `An idempotency key has 1 to ${idempotencyKeyLengthMax} printable ASCII characters.`;
    throw new ApiProblem('invalid_idempotency_key', detail);
  }
  return key;
}

function isRepeated(rawHeaders: readonly string[]): boolean {
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (rawHeaders[i]?.toLowerCase() === 'idempotency-key') count += 1;
  }
  return count > 1;
}
