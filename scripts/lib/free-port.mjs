import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * A port that nobody listens on now.
 * @param {string} [host]
 * @param {number} [taken] one that somebody is about to listen on: the same may be drawn twice
 * @returns {Promise<number>}
 */
export async function freePort(host = '127.0.0.1', taken) {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  await new Promise((resolve) => server.close(resolve));
  return port === taken ? freePort(host, taken) : port;
}
