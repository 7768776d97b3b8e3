// Sends one kind of request again and again, side by side, and reads all that is answered.
import { setMaxListeners } from 'node:events';

/**
 * @param {string} url
 * @param {string} apiKey
 * @param {() => import('./expensive-request.mjs').Sent} request
 * @param {{ connections: number, count?: number, signal: AbortSignal }} options
 *   `count`: how many in all; absent: until `signal`
 * @returns {Promise<Record<string, number>>} how often each status was answered; `cut` is without an answer
 */
export async function attack(url, apiKey, request, { connections, count = Infinity, signal }) {
  // Each request listens to it until it is collected as garbage.
  setMaxListeners(0, signal);
  /** @type {Record<string, number>} */
  const statuses = {};
  let sent = 0;
  const note = (status) => (statuses[status] = (statuses[status] ?? 0) + 1);
  const client = async () => {
    while (sent < count && !signal.aborted) {
      sent += 1;
      const { method, path, body, headers } = request();
      const authorization = `Bearer ${apiKey}`;
      try {
        const answer = await fetch(`${url}${path}`, {
          method,
          headers: { ...headers, authorization },
          signal,
          ...(body === undefined ? {} : { body }),
        });
        note(answer.status);
        for await (const _chunk of answer.body ?? []) if (signal.aborted) break;
      } catch {
        if (!signal.aborted) note('cut');
      }
    }
  };
  await Promise.all(Array.from({ length: connections }, client));
  return statuses;
}
