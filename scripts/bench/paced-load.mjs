// Posts and reads of one ledger at a pace, in a thread of their own: what this process sends meanwhile is not to be
// measured with them.
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { load } from './http-load.mjs';
import { account, LedgerUnderTest, uniform } from './ledger-under-test.mjs';

const isRight = (status) => status === 200 || status === 201;

/**
 * Posts `pace` a second, and half as many reads.
 * @param {LedgerUnderTest} ledger
 * @param {{ pace: number, accounts: number, seconds: number }} options
 * @returns {Promise<{ posts: any, reads: any, errors: number }>} what `load` says of both
 */
export function pacedLoad({ url, headers, path }, options) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), {
      workerData: { url, headers, path, ...options },
    });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

async function run({ url, headers, path, pace, accounts, seconds }) {
  const ledger = Object.assign(new LedgerUnderTest({ url, api_key: '' }), { headers, path });
  const pick = uniform(accounts);
  const common = { url, headers, connections: 16, seconds, expect: isRight };
  const read = () => ({
    path: `${path}/accounts/${account(pick())}/balance`,
    extra: 'ledger-consistency: eventual\r\n',
  });
  const [posts, reads] = await Promise.all([
    load({ ...common, rate: pace, request: ledger.transfer(pick, accounts) }),
    load({ ...common, rate: pace / 2, request: read }),
  ]);
  return { posts, reads, errors: posts.errors + reads.errors };
}

if (!isMainThread) parentPort?.postMessage(await run(workerData));
