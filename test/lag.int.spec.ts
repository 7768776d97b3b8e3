import { connectKafka, ensureTopic, withAdmin } from '@fintech-ledger/kafka';
import type { ProjectionView } from '@fintech-ledger/projection-runtime';
import { testKafka } from '@fintech-ledger/testing';
import { LedgerClient } from './support/ledger-client';
import { startParts } from './support/parts-in-process';
import type { PartsInProcess } from './support/parts-in-process';
import { until } from './support/readiness';
import { SmallLedger } from './support/small-ledger';

jest.setTimeout(180_000);

describe.each([
  ['embedded', 'the projector'],
  ['distributed', 'the relay'],
  ['distributed', 'the projector'],
] as const)('the lag of the %s product while %s is stopped', (mode, stopped) => {
  let parts: PartsInProcess;
  let client: LedgerClient;
  let ledger: SmallLedger;

  beforeAll(async () => {
    parts = await startParts(mode);
    client = new LedgerClient(parts.url, parts.apiKey);
    ledger = await SmallLedger.open(client, 'lag');
  });
  afterAll(async () => {
    await client?.close();
    await parts?.close();
  });

  const lags = async () =>
    (await client.get<{ data: readonly ProjectionView[] }>('/v1/projections')).data.map(({ lag }) => lag);
  const nothing = { events: 0, seconds: 0 };
  const caughtUp = (): Promise<void> =>
    until('nothing is behind', async () =>
      (await lags()).every((lag) => lag.events === 0 && lag.seconds === 0),
    );
  const stop = () => (stopped === 'the relay' ? parts.stopRelay() : parts.stopProjector());
  const start = () => (stopped === 'the relay' ? parts.startRelay() : parts.startProjector());

  it('is 0 as long as nothing happens, then the events and the age of the oldest, and 0 again', async () => {
    await caughtUp();
    await stop();
    for (const lag of await lags()) expect(lag).toEqual(nothing);
    const { text } = await ledger.transfer();
    const { recorded_at: recordedAt } = JSON.parse(text) as { recorded_at: string };
    await ledger.transfer();
    const ageOfOldest = (): number => (Date.now() - Date.parse(recordedAt)) / 1_000;
    for (let look = 1; look <= 3; look += 1) {
      const before = ageOfOldest();
      for (const { events, seconds } of await lags()) {
        expect(events).toBe(2);
        expect(seconds).toBeGreaterThanOrEqual(before);
      }
    }
    start();
    await caughtUp();
  });
});

it('counts what a topic had and lost when it was recreated, and what was not sent to it', async () => {
  const parts = await startParts('distributed');
  const client = new LedgerClient(parts.url, parts.apiKey);
  const topic = parts.feedName;
  const events = async () => {
    const { data } = await client.get<{ data: readonly ProjectionView[] }>('/v1/projections');
    return [...new Set(data.map(({ lag }) => lag.events))];
  };
  const become = (wanted: number): Promise<void> =>
    until(`${wanted} are behind`, async () => (await events()).join() === String(wanted));
  try {
    const ledger = await SmallLedger.open(client, 'recreated');
    await become(0);
    await parts.stopProjector();
    await ledger.transfer();
    await parts.stopRelay();
    await become(1);
    const kafka = connectKafka({ brokers: (await testKafka()).brokers, clientId: 'test' });
    await withAdmin(kafka, (admin) => admin.deleteTopics({ topics: [topic] }));
    const made = { topic, partitions: 2, replicationFactor: 1, minInSyncReplicas: 1 };
    await until('it is recreated', () =>
      ensureTopic(kafka, made).then(
        () => true,
        () => false,
      ),
    );
    await become(1);
    await ledger.transfer();
    expect(await events()).toEqual([2]);
    parts.startRelay();
    parts.startProjector();
    await become(0);
  } finally {
    await client.close();
    await parts.close();
  }
});
