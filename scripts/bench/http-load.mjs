// A load generator over raw sockets: it must cost far less than what it measures, on the same two cores.
import net from 'node:net';

/**
 * Sends POSTs (or GETs) over `connections` keep-alive connections, one request at a time on each.
 * Closed loop: the next request follows the answer. Open loop (`rate` per second): requests are due at fixed times whatever the server does, and
 * latency counts from when a request was due, so a stall is not hidden by the generator waiting for it.
 * @param {{ url: string, headers?: object, connections: number, seconds: number, rate?: number, warmupSeconds?: number,
 *   expect?: number | ((status: number) => boolean),
 *   request: () => { path: string, body?: string, method?: string, extra?: string }, isDone?: () => boolean }} options
 * Ends early when `isDone()`. `request()` returns `{ path, body?, method? }`. Answers with a status other than `expect` are counted as errors.
 */
export async function load({
  url,
  headers = {},
  connections,
  seconds,
  rate,
  warmupSeconds = 1,
  request,
  expect = 201,
  isDone = () => false,
}) {
  const { hostname, port } = new URL(url);
  const latencies = [];
  let done = 0;
  let errors = 0;
  /** @type {string | undefined} */
  let firstError;
  const startAt = performance.now();
  const measureFrom = startAt + warmupSeconds * 1000;
  const endAt = measureFrom + seconds * 1000;
  const head = Object.entries({ host: `${hostname}:${port}`, ...headers })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
  let due = 0;

  const client = () =>
    new Promise((resolve, reject) => {
      const socket = net.connect(Number(port), hostname);
      socket.setNoDelay(true);
      /** @type {string} */
      let buffered = '';
      let sentAt = 0;
      const send = () => {
        const now = performance.now();
        if (now >= endAt || isDone()) return socket.end();
        if (rate) {
          sentAt = startAt + (due++ / rate) * 1000;
          if (sentAt >= endAt) return socket.end();
          if (sentAt > now) return setTimeout(write, sentAt - now);
        } else sentAt = now;
        return write();
      };
      const write = () => {
        const { path, body, method = body === undefined ? 'GET' : 'POST', extra = '' } = request();
        const text = body ?? '';
        const content =
          body === undefined
            ? ''
            : `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\n`;
        socket.write(`${method} ${path} HTTP/1.1\r\n${head}${extra}${content}\r\n${text}`);
      };
      socket.setEncoding('latin1');
      socket.on('connect', send);
      socket.on('data', (/** @type {string} as the encoding says */ chunk) => {
        buffered = buffered === '' ? chunk : buffered + chunk;
        const headEnd = buffered.indexOf('\r\n\r\n');
        if (headEnd < 0) return;
        const match = /content-length: (\d+)/i.exec(buffered.slice(0, headEnd));
        if (buffered.length < headEnd + 4 + Number(match?.[1] ?? 0)) return;
        const now = performance.now();
        const status = Number(buffered.slice(9, 12));
        if (typeof expect === 'number' ? status !== expect : !expect(status)) {
          errors += 1;
          firstError ??= buffered.slice(0, 2_000);
        } else if (now >= measureFrom && now < endAt) {
          done += 1;
          latencies.push(now - sentAt);
        }
        buffered = '';
        send();
      });
      socket.on('error', reject);
      socket.on('close', resolve);
    });
  await Promise.all(Array.from({ length: connections }, client));
  const elapsed = Math.min(seconds, (performance.now() - measureFrom) / 1000);
  return { perSecond: done / elapsed, done, errors, firstError, ...summary(latencies) };
}

/** The quantiles of times in milliseconds. */
export function summary(times) {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (quantile) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * quantile))] ?? NaN;
  return { p50: at(0.5), p99: at(0.99), p999: at(0.999), max: at(1) };
}

export function describe(name, result) {
  const ms = (value) => `${value.toFixed(1)} ms`;
  const line = `${name.padEnd(44)} ${Math.round(result.perSecond).toString().padStart(7)}/s   p50 ${ms(result.p50)}  p99 ${ms(result.p99)}  p99.9 ${ms(result.p999)}`;
  return result.errors > 0 ? `${line}  ERRORS ${result.errors}: ${result.firstError}` : line;
}
