import { MemoryEventStore } from '@fintech-ledger/event-store';
import type { ReadOptions, RecordedEvent } from '@fintech-ledger/event-store';
import type { FastifyReply } from 'fastify';
import { randomUUID } from 'node:crypto';
import { Writable } from 'node:stream';
import { EventHub } from './event-hub';
import { EventStreams } from './event-streams';
import { streamPageBytesMax } from './limits';

const stream = 'journal-led_1';
const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** Counts the bytes that are read of it. */
class MeasuredStore extends MemoryEventStore {
  bytes = 0;

  override async readStream(name: string, options: ReadOptions): Promise<readonly RecordedEvent[]> {
    const page = await super.readStream(name, options);
    for (const { data } of page) this.bytes += data.length;
    return page;
  }
}

/** A client that reads only when it is told to. */
function pausedClient() {
  let text = '';
  let go: (() => void) | undefined;
  let isReading = false;
  const raw = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      if (isReading) done();
      else go = done;
    },
  });
  const reply = {
    raw: Object.assign(raw, { writeHead: () => undefined }),
    request: { id: 'req_1', problemCode: null },
    hijack: () => undefined,
  };
  return {
    reply: reply as unknown as FastifyReply,
    raw,
    request: reply.request,
    text: () => text,
    ids: () => [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id)),
    read() {
      isReading = true;
      go?.();
    },
  };
}

async function filled(count: number, bytes: number): Promise<MeasuredStore> {
  const store = new MeasuredStore();
  for (let index = 0; index < count; index += 1) {
    const data = JSON.stringify('x'.repeat(bytes));
    await store.append(stream, 'any', [
      { id: randomUUID(), type: 'TransactionPosted', data, metadata: '{}' },
    ]);
  }
  return store;
}

const request = {
  owner: 'org_1',
  stream,
  fromRevision: 0,
  matches: () => true,
  isStillAllowed: () => true,
};

async function turns(count: number): Promise<void> {
  for (let left = count; left > 0; left -= 1) await new Promise((resolve) => setImmediate(resolve));
}

describe('a client that does not read', () => {
  it('is held back within a bound of bytes, and gets everything when it reads', async () => {
    const store = await filled(200, 50_000);
    const streams = new EventStreams({ store, hub: new EventHub(store) }, log);
    const client = pausedClient();
    const served = streams.serve(client.reply, request);
    await turns(200);
    expect(store.bytes).toBeGreaterThan(0);
    expect(store.bytes).toBeLessThanOrEqual(streamPageBytesMax + 100_000);
    expect(client.raw.writableLength).toBeLessThan(200_000);
    client.read();
    while (client.ids().length < 200) await turns(20);
    expect(client.ids()).toEqual(Array.from({ length: 200 }, (_, index) => index));
    streams.endAll();
    await served;
  });

  it('is cut after a while, with the reason as the last message', async () => {
    const store = await filled(20, 50_000);
    const streams = new EventStreams({ store, hub: new EventHub(store) }, log, 5);
    const client = pausedClient();
    await streams.serve(client.reply, request);
    client.read();
    while (!client.raw.writableFinished) await turns(1);
    const [last] = client.text().match(/event: problem\ndata: .*\n\n$/) ?? [];
    const { status, code } = JSON.parse(last?.split('data: ')[1] ?? '{}') as Record<string, unknown>;
    expect({ status, code }).toEqual({ status: 408, code: 'stream_too_slow' });
    expect(client.request.problemCode).toBe('stream_too_slow');
  });
});
