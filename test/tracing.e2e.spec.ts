import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { LedgerClient } from './support/ledger-client';
import { runDistributed } from './support/running-standalone';
import { SmallMarketplace } from './support/small-marketplace';
import { startSpanCollector } from './support/span-collector';
import type { CollectedSpan, SpanCollector } from './support/span-collector';
import { buildStandalone, startStandaloneProcess, temporaryFolder } from './support/standalone-process';
import { documentedFetch } from './support/documented-fetch';

jest.setTimeout(120_000);

/** The services and spans of a whole trace of a post, from the request on, parents before children. */
async function wholeTrace({ spans }: SpanCollector, ending: string): Promise<readonly string[]> {
  for (const deadline = Date.now() + 20_000; Date.now() < deadline; await delay(20)) {
    // Processes send their spans apart: the last one may be there before the one above it.
    for (const root of spans.filter(({ name }) => name === 'POST /v1/ledgers/{ledger}/transfers')) {
      const tree = below(spans, root);
      if (tree.some((line) => line.endsWith(`: ${ending}`))) return tree;
    }
  }
  throw new Error(`no whole trace came: ${JSON.stringify(spans.slice(-50), undefined, 1)}`);
}

function below(spans: readonly CollectedSpan[], parent: CollectedSpan): readonly string[] {
  const children = spans
    .filter((span) => span.traceId === parent.traceId && span.parentSpanId === parent.spanId)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return [`${parent.service}: ${parent.name}`, ...children.flatMap((child) => below(spans, child))];
}

describe('tracing, switched on by the environment', () => {
  it('sends one trace from all processes of the distributed product', async () => {
    const collector = await startSpanCollector();
    const topic = 'ledger-events';
    const running = await runDistributed({ ...collector.environment, KAFKA_TOPIC: topic });
    const client = new LedgerClient(running.url, running.apiKey);
    try {
      const shop = await SmallMarketplace.open(client);
      await shop.accepted(shop.transfer('bank', 'buyer:1', 5));
      expect(await wholeTrace(collector, `process ${topic}`)).toEqual([
        'fintech-ledger-api: POST /v1/ledgers/{ledger}/transfers',
        'fintech-ledger-api: forward command',
        'fintech-ledger-writer: receive command',
        'fintech-ledger-writer: PostTransaction',
        'fintech-ledger-writer: append',
        'fintech-ledger-relay: send ledger-events',
        'fintech-ledger-projector: process ledger-events',
      ]);
    } finally {
      await client.close();
      await running.stop();
      collector.close();
    }
  });

  describe('of the one process', () => {
    beforeAll(() => buildStandalone());

    it('sends one trace from it and from its projector thread, and the last spans when it stops', async () => {
      const [collector, folder] = [await startSpanCollector(), await temporaryFolder()];
      const environment = { ...collector.environment, OTEL_BSP_SCHEDULE_DELAY: '3600000' };
      const running = await startStandaloneProcess({ dataFolder: folder.path, environment });
      const client = new LedgerClient(running.url, running.apiKey);
      const shop = await SmallMarketplace.open(client);
      const { position } = await shop.accepted(shop.transfer('bank', 'buyer:1', 5));
      await shop.trialBalance(position);
      await client.close();
      expect(await running.stop()).toBe(0);
      expect(await wholeTrace(collector, 'process events')).toEqual([
        'fintech-ledger: POST /v1/ledgers/{ledger}/transfers',
        'fintech-ledger: PostTransaction',
        'fintech-ledger: append',
        'fintech-ledger-projector: process events',
      ]);
      collector.close();
      await folder.remove();
    });

    it('neither slows requests nor keeps the process when the collector takes everything and answers nothing', async () => {
      const open = new Set<Socket>();
      const deaf = createServer((socket) => void open.add(socket.on('error', () => undefined)));
      await new Promise<void>((resolve) => deaf.listen(0, '127.0.0.1', resolve));
      const { port } = deaf.address() as AddressInfo;
      const folder = await temporaryFolder();
      const running = await startStandaloneProcess({
        dataFolder: folder.path,
        environment: {
          OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
          OTEL_BSP_SCHEDULE_DELAY: '10',
          OTEL_BSP_MAX_QUEUE_SIZE: '100',
        },
      });
      const client = new LedgerClient(running.url, running.apiKey);
      const shop = await SmallMarketplace.open(client);
      const startedAt = performance.now();
      await shop.trade(300);
      // Far below the ten seconds after which a request to the collector is given up.
      expect(performance.now() - startedAt).toBeLessThan(8_000);
      expect(open.size).toBeGreaterThan(0);
      const metrics = await (
        await documentedFetch(`${running.url}/metrics`, {
          headers: { authorization: `Bearer ${running.apiKey}` },
        })
      ).text();
      expect(metrics).toMatch(/otel_sdk_processor_span_processed_total\{[^}]*queue_full[^}]*\} [1-9]/);
      await client.close();
      const stoppedAt = performance.now();
      expect(await running.stop()).toBe(0);
      expect(performance.now() - stoppedAt).toBeLessThan(12_000);
      for (const socket of open) socket.destroy();
      deaf.close();
      await folder.remove();
    });
  });
});
