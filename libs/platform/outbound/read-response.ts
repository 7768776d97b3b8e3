import { responseBytesMax, responseReadBytesMax } from './limits';
import type { Outcome } from './outcome';

type Answer = Omit<Extract<Outcome, { kind: 'answered' }>, 'kind' | 'ms'>;

interface Response {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Ending it before its end closes the connection. */
  readonly body: AsyncIterable<Buffer>;
}

/** Reads so far that the connection can be used again, and keeps the beginning. What is longer loses its connection. */
export async function readResponse(
  { statusCode, headers, body }: Response,
  isKept: boolean,
): Promise<Answer> {
  const kept: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    if (isKept && bytes < responseBytesMax) kept.push(chunk.subarray(0, responseBytesMax - bytes));
    bytes += chunk.length;
    if (bytes > responseReadBytesMax) break;
  }
  const [retryAfter] = [headers['retry-after']].flat();
  return { status: statusCode, retryAfter, response: isKept ? Buffer.concat(kept) : null };
}
