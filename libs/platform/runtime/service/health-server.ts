import { securityHeaders } from '@fintech-ledger/contract';
import { readiness } from '@fintech-ledger/health';
import type { Alarms, Check } from '@fintech-ledger/health';
import { renderPrometheus } from '@fintech-ledger/telemetry';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Served {
  /** Without these the process can't do its job at all. */
  readonly checks: Readonly<Record<string, Check>>;
  /** Brings the alarms up to date that nobody raises on its own, see `watch`. */
  readonly look?: (() => Promise<void>) | undefined;
  /** Brings gauges up to date before they are read. */
  readonly beforeMetrics?: (() => Promise<void>) | undefined;
}

export interface HealthServer {
  /** Such as `http://127.0.0.1:9464`. */
  readonly url: string;
  /** Before this it answers that the process is starting. */
  started(served: Served): void;
  /** From now on it answers that the process is stopping. */
  stopping(): void;
  close(): Promise<void>;
}

/** Answers /health/live, /health/ready and /metrics of a process that has no HTTP API. @throws the listen error as it is */
export async function startHealthServer(
  host: string,
  port: number,
  alarms: Pick<Alarms, 'list'>,
): Promise<HealthServer> {
  let served: Served = { checks: { process: () => 'It is still starting.' } };

  const answer = async (url: string, query: string, response: ServerResponse): Promise<void> => {
    if (url === '/health/live') sendJson(response, 200, { status: 'ok', checks: {} });
    else if (url === '/health/ready') {
      const required = new URLSearchParams(query).get('require');
      if (required !== null && required !== 'writes') {
        sendJson(response, 400, { status: "the query parameter 'require' is `writes`, or is not there" });
        return;
      }
      const { checks: needed, look } = served;
      const health = await readiness({ needed, alarms, look }, required ?? undefined);
      sendJson(response, health.status === 'unavailable' ? 503 : 200, health);
    } else if (url === '/metrics') {
      await served.look?.();
      await served.beforeMetrics?.().catch(() => undefined);
      response.setHeader('content-type', 'text/plain; version=0.0.4; charset=utf-8');
      response.end(await renderPrometheus());
    } else sendJson(response, 404, { status: 'not found' });
  };
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value);
    const [path = '', query = ''] = request.url?.split('?', 2) ?? [];
    answer(path, query, response).catch((error: unknown) => {
      sendJson(response, 503, { status: 'unavailable', reason: String(error) });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
    started(given) {
      served = given;
    },
    stopping() {
      served = { ...served, checks: { process: () => 'It is stopping.' } };
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
