import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** A request with a body that comes in chunks. */
export interface ChunkedRequest {
  readonly method: string;
  readonly path: string;
  readonly contentType: string;
  readonly apiKey: string;
}

/** The code that a request is answered with whose body breaks off in a way that is not HTTP. */
export async function codeOfBrokenBody(url: string, request: ChunkedRequest): Promise<string> {
  const socket = send(url, request, 'no size\r\n');
  const code = await codeOf(socket);
  socket.destroy();
  return code;
}

/** The code of the first answer to requests that are all sent at once, and whose bodies do not end. Undefined: there is none. */
export async function codeOfOpenBodies(
  url: string,
  request: ChunkedRequest,
  count: number,
  patienceMs: number,
): Promise<string | undefined> {
  const sockets = Array.from({ length: count }, () => send(url, request, '1\r\nx\r\n'));
  const patience = delay(patienceMs, undefined, { ref: false });
  const code = await Promise.race([...sockets.map((socket) => codeOf(socket)), patience]);
  for (const socket of sockets) socket.destroy();
  return code;
}

function send(url: string, { method, path, contentType, apiKey }: ChunkedRequest, chunks: string): Socket {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).setEncoding('utf8');
  // Left to its `close`.
  socket.on('error', () => undefined);
  const head = [`${method} ${path} HTTP/1.1`, `Host: ${hostname}`, `Authorization: Bearer ${apiKey}`];
  const body = [
    'Connection: close',
    `Content-Type: ${contentType}`,
    'Transfer-Encoding: chunked',
    '',
    chunks,
  ];
  socket.write([...head, ...body].join('\r\n'));
  return socket;
}

/** Of the whole answer, or of as much as came. */
async function codeOf(socket: Socket): Promise<string> {
  let answer = '';
  socket.on('data', (text: string) => (answer += text));
  const closed = once(socket, 'close');
  while (!/"code":"\w+"/.test(answer) && !socket.destroyed)
    await Promise.race([closed, once(socket, 'data')]);
  return /"code":"(\w+)"/.exec(answer)?.[1] ?? 'no answer';
}
