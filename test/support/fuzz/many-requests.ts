import fc from 'fast-check';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpAnswer, HttpRequest } from '../http-spec';
import type { Operation } from './api-operations';
import { checkAnswer } from './check-answer';
import type { FuzzedBooks } from './fuzzed-books';
import { fuzzedRequests } from './fuzzed-request';

export interface ManyRequests {
  readonly seed: number;
  readonly count: number;
}

/** Requests that are made, and sent, at a time. */
const atOnce = 500;
const lanesUsual = 16;
/** Of an operation of which a process takes only so many at once. */
const lanesOfStreams = 2;
/** One in so many is sent slowly, one is cut off. */
const oddEvery = 40;
const pieces = 5;
const attemptsMax = 20;

/** Sends fuzzed requests of one operation side by side, some of them slowly and some not to their end. @throws Error when an answer is wrong */
export async function sendMany(
  operation: Operation,
  books: FuzzedBooks,
  apiKey: string,
  { seed, count }: ManyRequests,
): Promise<void> {
  const requests = fuzzedRequests(operation, books.pool);
  const lanes = operation.operationId === 'importBooks' ? lanesOfStreams : lanesUsual;
  for (let sent = 0; sent < count; sent += atOnce) {
    const numRuns = Math.min(atOnce, count - sent);
    const some = fc.sample(requests, { seed: seed + sent, numRuns });
    let next = 0;
    const lane = async (): Promise<void> => {
      for (let at = next++; at < some.length; at = next++) {
        const one = some[at];
        if (one === undefined) return;
        if (at % (oddEvery / 2) === 0)
          await sendOddly(operation, books.url, apiKey, one, at % oddEvery === 0);
        else checkAnswer(operation, one, await sendPatiently(books, one));
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
  }
}

/** A 503 that says that it is full for the moment is tried again, as its `Retry-After` says. */
async function sendPatiently({ http }: FuzzedBooks, request: HttpRequest): Promise<HttpAnswer> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await http.send(request);
    const isFull =
      answer.status === 503 && ['unavailable', 'too_many_streams'].includes(String(answer.json['code']));
    if (!isFull || answer.headers['retry-after'] === undefined || attempt === attemptsMax) return answer;
    await sleep(100);
  }
}

/** Sends a request in pieces, to its end or not. */
async function sendOddly(
  { operationId }: Operation,
  url: string,
  apiKey: string,
  request: HttpRequest,
  isWhole: boolean,
): Promise<void> {
  const bytes = bytesOf(request, apiKey);
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
  // Not `once` of events, which fails with the socket: the server may answer and close before all was sent.
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await once(socket, 'connect').catch(() => undefined);
  const size = Math.ceil(bytes.length / pieces);
  for (let piece = 0; piece < (isWhole ? pieces : pieces - 1) && socket.writable; piece += 1) {
    socket.write(bytes.subarray(piece * size, (piece + 1) * size));
    await sleep(5);
  }
  if (!isWhole) socket.destroy();
  await closed;
  const status = Number(text.slice(9, 12));
  if (status >= 500 && status !== 503)
    throw new Error(
      `${operationId}: sent in pieces\n${bytes.toString('latin1').slice(0, 3_000)}\ngot ${text}`,
    );
}

function bytesOf({ method = 'POST', path, headers = {}, body }: HttpRequest, apiKey: string): Buffer {
  const content = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : '');
  const all = Object.entries({ ...headers, authorization: `Bearer ${apiKey}`, connection: 'close' });
  const lines = all.flatMap(([name, values]) => [values].flat().map((value) => `${name}: ${value}\r\n`));
  const length = method === 'GET' ? '' : `content-length: ${content.length}\r\n`;
  const head = `${method} ${path} HTTP/1.1\r\nhost: x\r\n${lines.join('')}${length}\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), content]);
}
