// A receiver of webhooks that counts, and knows how soon they came and whether bodies are the same again.
import { hash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const waitSecondsMax = 1_800;

/** Answers by path: `/hang…` never, `/fail…` 500, else 204. Counts, and notes how long after its event each came. */
export class Receiver {
  counts = new Map();
  latencies = new Map();
  /** By path: what was recorded before is no news, and of no interest for how soon it came. */
  newsSince = new Map();
  /** By message, a hash of its body, where bodies are compared; and those that came in other bytes. */
  bodies = new Map();
  comparedFrom = Number.POSITIVE_INFINITY;
  changed = 0;
  repeated = 0;

  constructor() {
    this.server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
      const chunks = [];
      request.on('data', (chunk) => chunks.push(chunk));
      request.on('end', () => {
        const { url = '', headers } = request;
        const body = Buffer.concat(chunks);
        this.counts.set(url, this.count(url) + 1);
        this.take(url, String(headers['webhook-id']), body);
        if (url.startsWith('/hang')) return;
        response.writeHead(url.startsWith('/fail') ? 500 : 204).end();
      });
    });
  }

  take(url, id, body) {
    const { created_at: at, position } = JSON.parse(body.toString());
    const recorded = Date.parse(at);
    if (recorded >= (this.newsSince.get(url) ?? 0)) {
      const latencies = this.latencies.get(url) ?? [];
      latencies.push(Date.now() - recorded);
      this.latencies.set(url, latencies);
    }
    if (Number(position?.split('@')[1] ?? -1) < this.comparedFrom) return;
    const digest = hash('sha256', body, 'base64');
    const known = this.bodies.get(id);
    if (known === undefined) this.bodies.set(id, digest);
    else this.repeated += 1;
    if (known !== undefined && known !== digest) this.changed += 1;
  }

  async listen() {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    const address = /** @type {import('node:net').AddressInfo} */ (this.server.address());
    this.url = `http://127.0.0.1:${address.port}`;
  }

  count(url) {
    return this.counts.get(url) ?? 0;
  }

  /** Seconds until so many have come to paths that begin like this. */
  async until(prefix, wanted) {
    const startedAt = performance.now();
    const come = () =>
      [...this.counts].filter(([url]) => url.startsWith(prefix)).reduce((sum, [, n]) => sum + n, 0);
    while (come() < wanted) {
      if (performance.now() - startedAt > waitSecondsMax * 1_000)
        throw new Error(`${come()} of ${wanted} messages came to ${prefix}`);
      await sleep(20);
    }
    return (performance.now() - startedAt) / 1_000;
  }

  /** From now on what is recorded is news. */
  beginNews(url) {
    this.newsSince.set(url, Date.now());
    this.latencies.delete(url);
  }

  /** p99 of what came of the news, ms. */
  p99(url) {
    const sorted = (this.latencies.get(url) ?? []).sort((a, b) => a - b);
    return sorted[Math.ceil(sorted.length * 0.99) - 1] ?? Number.NaN;
  }

  close() {
    this.server.closeAllConnections();
    this.server.close();
  }
}
