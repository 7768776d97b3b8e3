// The two generators of closed-loop load behind one call.
import autocannon from 'autocannon';
import { load } from './http-load.mjs';

/** @param tool `autocannon`, the public tool, or `raw`, which costs a third of the machine that it does */
export const drive = (tool, options) =>
  tool === 'autocannon' ? driveWithAutocannon(options) : load(options);

async function driveWithAutocannon({ url, headers = {}, connections, seconds, request }) {
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    headers: { ...headers, 'content-type': 'application/json' },
    requests: [
      {
        setupRequest: (prepared) => {
          const { path: to, body, extra = '' } = request();
          const [name, value] = extra.trim().split(': ');
          return {
            ...prepared,
            method: 'POST',
            path: to,
            body,
            headers: { ...prepared.headers, ...(name ? { [name]: value } : {}) },
          };
        },
      },
    ],
  });
  return {
    perSecond: result['2xx'] / result.duration,
    done: result['2xx'],
    errors: result.non2xx + result.errors,
    p50: result.latency.p50,
    p99: result.latency.p99,
    p999: result.latency.p99_9,
    max: result.latency.max,
  };
}
