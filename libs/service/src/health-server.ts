import { renderPrometheus } from '@fintech-ledger/telemetry';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Resolves with a sentence when the part is not ready, with undefined when it is. */
export type ReadyCheck = () => Promise<string | undefined> | string | undefined;

export interface HealthServer {
  /** Such as `http://127.0.0.1:9464`. */
  readonly url: string;
  /** Before this it answers that the process is starting. */
  setChecks(checks: Readonly<Record<string, ReadyCheck>>, beforeMetrics?: () => Promise<void>): void;
  close(): Promise<void>;
}

/** Answers /health/live, /health/ready and /metrics of a process that has no HTTP API. @throws the listen error as it is */
export async function startHealthServer(host: string, port: number): Promise<HealthServer> {
  let checks: Readonly<Record<string, ReadyCheck>> = { process: () => 'it is still starting' };
  let prepareMetrics: () => Promise<void> = () => Promise.resolve();

  const answer = async (url: string, response: ServerResponse): Promise<void> => {
    if (url === '/health/live') sendJson(response, 200, { status: 'ok' });
    else if (url === '/health/ready') {
      const results = await Promise.all(
        Object.entries(checks).map(async ([name, check]) => [name, (await check()) ?? 'ok'] as const),
      );
      const isReady = results.every(([, result]) => result === 'ok');
      const status = isReady ? 'ok' : 'unavailable';
      sendJson(response, isReady ? 200 : 503, { status, checks: Object.fromEntries(results) });
    } else if (url === '/metrics') {
      await prepareMetrics().catch(() => undefined);
      response.setHeader('content-type', 'text/plain; version=0.0.4; charset=utf-8');
      response.end(await renderPrometheus());
    } else sendJson(response, 404, { status: 'not found' });
  };
  const server = createServer((request, response) => {
    answer(request.url?.split('?')[0] ?? '', response).catch((error: unknown) => {
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
    setChecks(given, beforeMetrics) {
      checks = given;
      prepareMetrics = beforeMetrics ?? prepareMetrics;
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
