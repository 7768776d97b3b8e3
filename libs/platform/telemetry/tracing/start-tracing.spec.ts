import { readConfig } from '@fintech-ledger/config';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { gunzipSync } from 'node:zlib';
import { isTracing, renderPrometheus, spans, startTracing, stopTracing } from '..';

interface Received {
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const sampled = { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' };
const received: Received[] = [];
const said: string[] = [];
const log = {
  info: (_: object, message: string) => said.push(message),
  warn: (_: object, message: string) => said.push(message),
};
let status = 200;
let collector: Server;
let url: string;

const listening = async (server: Server): Promise<string> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

beforeAll(async () => {
  collector = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ url: request.url, headers: request.headers, body: Buffer.concat(chunks) });
      response.writeHead(status).end();
    });
  });
  url = await listening(collector);
});
afterAll(() => {
  collector.closeAllConnections();
  collector.close();
});
beforeEach(() => {
  received.length = 0;
  said.length = 0;
  status = 200;
});
afterEach(() => stopTracing());

/** As a process starts it: from the environment. */
const start = (environment: Readonly<Record<string, string>>): Promise<void> =>
  startTracing({ config: readConfig({}, environment).tracing, serviceName: 'ledger-test', log });

const work = (times = 1): void => {
  for (let n = 0; n < times; n += 1) spans.command('PostTransaction', 'journal-led_1', sampled)?.end();
};

async function metric(name: string): Promise<number> {
  const lines = (await renderPrometheus()).split('\n').filter((line) => line.startsWith(name));
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

describe('startTracing', () => {
  it('does nothing unless the environment asks for it', async () => {
    await start({});
    expect(isTracing()).toBe(false);
    await start({ OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_SDK_DISABLED: 'true' });
    expect(isTracing()).toBe(false);
  });

  it('sends JSON to the collector, and what still waits when it stops', async () => {
    await start({
      OTEL_EXPORTER_OTLP_ENDPOINT: url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
    });
    work(2);
    expect(received).toEqual([]);
    await stopTracing();
    expect(received).toMatchObject([{ url: '/v1/traces', headers: { 'content-type': 'application/json' } }]);
    const { resourceSpans } = JSON.parse(received[0]?.body.toString() ?? '{}') as {
      resourceSpans: {
        resource: { attributes: { key: string; value: object }[] };
        scopeSpans: { spans: { name: string; traceId: string; parentSpanId: string }[] }[];
      }[];
    };
    expect(resourceSpans[0]?.resource.attributes).toEqual(
      expect.arrayContaining([
        { key: 'service.name', value: { stringValue: 'ledger-test' } },
        { key: 'deployment.environment.name', value: { stringValue: 'test' } },
      ]),
    );
    const sent = resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
    expect(sent).toHaveLength(2);
    expect(sent[0]).toMatchObject({
      name: 'PostTransaction',
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
      parentSpanId: '00f067aa0ba902b7',
    });
    expect(isTracing()).toBe(false);
  });

  it('sends protobuf by default, with the headers and the compression that the environment asks for', async () => {
    process.env['OTEL_EXPORTER_OTLP_HEADERS'] = 'x-tenant=books';
    process.env['OTEL_EXPORTER_OTLP_COMPRESSION'] = 'gzip';
    try {
      await start({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${url}/otlp` });
      work();
      await stopTracing();
    } finally {
      delete process.env['OTEL_EXPORTER_OTLP_HEADERS'];
      delete process.env['OTEL_EXPORTER_OTLP_COMPRESSION'];
    }
    expect(received).toMatchObject([
      { url: '/otlp', headers: { 'content-type': 'application/x-protobuf', 'x-tenant': 'books' } },
    ]);
    // A protobuf string is its bytes.
    expect(gunzipSync(received[0]?.body ?? Buffer.alloc(0)).includes('PostTransaction')).toBe(true);
  });

  it('says once that a collector refuses spans, and once that it takes them again', async () => {
    await start({
      OTEL_EXPORTER_OTLP_ENDPOINT: url,
      OTEL_BSP_SCHEDULE_DELAY: '1',
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '1',
    });
    const until = async (holds: () => boolean): Promise<void> => {
      while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    status = 400;
    work(3);
    await until(() => received.length === 3);
    status = 200;
    work();
    await until(() => said.length === 2);
    expect(said).toEqual(['spans can not be sent and are dropped', 'spans are sent again']);
  });

  it('drops spans when nobody takes them, and stops in time', async () => {
    const held = new Set<ServerResponse>();
    let isDeaf = true;
    const deaf = createServer((request, response) => {
      request.resume();
      if (isDeaf) held.add(response);
      else response.end();
    });
    await start({ OTEL_EXPORTER_OTLP_ENDPOINT: await listening(deaf), OTEL_BSP_MAX_QUEUE_SIZE: '1000' });
    work(50_000);
    expect(await metric('otel_sdk_processor_span_queue_size')).toBeLessThanOrEqual(1_000);
    expect(await metric('otel_sdk_processor_span_processed_total')).toBeGreaterThan(48_000);
    const stoppedAt = performance.now();
    await stopTracing(200);
    // An exporter gives a collector ten.
    expect(performance.now() - stoppedAt).toBeLessThan(4_000);
    // So that nothing of it outlives the test.
    isDeaf = false;
    for (const response of held) response.end();
    deaf.close();
  });
});
