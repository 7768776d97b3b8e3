// Sends one operation's most expensive request in a process of its own, of the lowest priority: what clients compute is
// not to be measured with what the server does, and here they share its processors.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { attack } from './attack.mjs';
import { expensiveRequests } from './expensive-request.mjs';

const file = fileURLToPath(import.meta.url);
const document = path.join(path.dirname(file), '..', '..', '..', 'schemas', 'openapi.json');

/**
 * @typedef {object} Attack
 * @property {string} url
 * @property {string} apiKey
 * @property {import('./expensive-request.mjs').Books} books
 * @property {string} operationId
 * @property {number} connections
 */

/**
 * Begins to send. It ends with this process at the latest.
 * @param {Attack} options
 * @returns {Promise<() => Promise<Record<string, number>>>} ends it; how often each status was answered
 */
export async function startAttack(options) {
  const child = fork(file, [], { stdio: 'inherit' });
  const ended = once(child, 'exit');
  /** @returns {Promise<any>} */
  const answer = async () => {
    const said = once(child, 'message');
    const first = await Promise.race([said, ended.then(() => undefined)]);
    if (first === undefined) throw new Error(`the clients of ${options.operationId} ended`);
    return first[0];
  };
  child.send(options);
  await answer();
  return async () => {
    child.send('end');
    const statuses = await answer();
    await ended;
    return statuses;
  };
}

async function sendUntilTold() {
  os.setPriority(os.constants.priority.PRIORITY_LOW);
  const ending = new AbortController();
  const [{ url, apiKey, books, operationId, connections }] = await once(process, 'message');
  process.once('message', () => ending.abort());
  process.once('disconnect', () => process.exit(1));
  const all = expensiveRequests(JSON.parse(readFileSync(document, 'utf8')), books);
  const chosen = all.find((one) => one.operationId === operationId);
  if (chosen === undefined) throw new Error(`there is no operation ${operationId}`);
  const { request } = chosen;
  const attacking = attack(url, apiKey, request, { connections, signal: ending.signal });
  process.send?.('begun');
  const statuses = await attacking;
  process.send?.(statuses, () => process.exit(0));
}

if (process.argv[1] === file) await sendUntilTold();
