import { randomJournal } from '@fintech-ledger/testing';
import type { SendResult } from '@fintech-ledger/kafka';
import { genesisHash } from '@fintech-ledger/envelope';
import { globalPosition, revision } from '@fintech-ledger/event-store';
import type { RecordedEvent } from '@fintech-ledger/event-store';
import type { ChainHead, StreamHalt } from '@fintech-ledger/projection-runtime';
import { RelayRun } from './relay-run';
import type { OpenTarget } from './target';

const { recorded } = randomJournal({ ledgerId: 'led_1', seed: 3, commands: 10 });
const { recorded: others } = randomJournal({ ledgerId: 'led_2', seed: 4, commands: 10 });
const none = async () => undefined;
const hashOf = (at: number): string => (at === -1 ? genesisHash : `h${at}`);
const recordedAt = (stream: string, at: number): RecordedEvent => ({
  id: `${stream}-${at}`,
  type: 'Known',
  data: '{}',
  metadata: `{"hash":"${hashOf(at)}","previousHash":"${hashOf(at - 1)}"}`,
  stream,
  revision: revision(at),
  position: globalPosition('0'),
});

describe('RelayRun', () => {
  let answer: (result: SendResult) => void;
  let asked: readonly RecordedEvent[] = [];
  let heads: Map<string, ChainHead>;
  const target: OpenTarget = {
    partitions: 1,
    recordBytesMax: 1_000_000,
    partitionOf: () => 0,
    tailAfter: async () => new Map(),
    check: async () => undefined,
    send: (batches) =>
      new Promise((resolve) => {
        asked = batches.get(0) ?? [];
        answer = (result) => resolve(new Map([[0, result]]));
      }),
    close: async () => undefined,
  };
  const nothing = { position: undefined, offsets: new Map<number, bigint>(), epoch: 0 };
  const start = (): RelayRun =>
    new RelayRun(target, nothing, (heads = new Map()), {}, new AbortController().signal);
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  it('knows the oldest event that is not acknowledged, until it is', async () => {
    const run = start();
    expect(run.oldestUnsent).toBeUndefined();
    const sending = run.relay(recorded.slice(0, 5), globalPosition('4'), none);
    expect(run.oldestUnsent).toBe(recorded[0]);
    answer({ kind: 'stored', nextOffset: 5n });
    await sending;
    expect(run.oldestUnsent).toBeUndefined();
    expect(run.checkpoint?.position).toBe('4');
  });

  it('asks no more for each record that is as large as one that was refused, and loses none', async () => {
    const run = start();
    const large = (stream: string, at: number, bytes: number): RecordedEvent => ({
      ...recordedAt(stream, at),
      data: JSON.stringify({ x: 'x'.repeat(bytes) }),
    });
    const streams = Array.from({ length: 50 }, (_, at) => `journal-led_${at + 10}`);
    // Each has a small record first, then a large one.
    const events = streams.flatMap((stream) => [recordedAt(stream, 0), large(stream, 1, 5_000)]);
    const halts: StreamHalt[] = [];
    const sending = run.relay(events, globalPosition('99'), async (all) => void halts.push(...all));
    const stored = new Set<RecordedEvent>();
    let requests = 0;
    const isOver = sending.then(() => true);
    for (let next = 0n; !(await Promise.race([isOver, turn().then(() => false)]));) {
      if (asked.length === 0) continue;
      const sent = asked;
      asked = [];
      requests += 1;
      const refused = sent.find(({ revision }) => Number(revision) === 1);
      const before = refused === undefined ? sent : sent.slice(0, sent.indexOf(refused));
      for (const one of before) stored.add(one);
      next += BigInt(before.length);
      if (refused === undefined) answer({ kind: 'stored', nextOffset: next });
      else answer({ kind: 'refused', event: refused, reason: 'too large' });
    }
    expect(requests).toBeLessThanOrEqual(4);
    expect(new Set(halts.map(({ stream }) => stream))).toEqual(new Set(streams));
    for (const { stream, revision } of halts) {
      const last = events.filter((event) => event.stream === stream && stored.has(event)).at(-1);
      // It goes on exactly behind what was stored.
      expect([stream, Number(revision)]).toEqual([
        stream,
        last === undefined ? 0 : Number(last.revision) + 1,
      ]);
      expect(heads.get(stream)?.revision).toBe(last?.revision);
    }
  });

  it('leaves out what follows a refused record in its stream, and nothing else', async () => {
    const run = start();
    const [first, second, third] = recorded;
    const [other, another] = others;
    if (!first || !second || !third || !other || !another) throw new Error('there are events');
    const halts: StreamHalt[] = [];
    let noted: () => void = () => undefined;
    const sending = run.relay([first, other, second, third, another], globalPosition('4'), async (all) => {
      halts.push(...all);
      await new Promise<void>((resolve) => (noted = resolve));
    });
    answer({ kind: 'refused', event: second, reason: 'too large' });
    await turn();
    expect(asked).toEqual([another]);
    answer({ kind: 'stored', nextOffset: 4n });
    await turn();
    expect(halts).toMatchObject([{ stream: first.stream, revision: 1, cause: { name: 'RecordRefused' } }]);
    expect(heads.get(first.stream)?.revision).toBe(0);
    expect(heads.get(other.stream)?.revision).toBe(1);
    // The checkpoint passes what is held back only once that is written down.
    expect(run.checkpoint).toBeUndefined();
    noted();
    await sending;
    expect(run.checkpoint).toMatchObject({ position: '4', offsets: new Map([[0, 4n]]) });
    expect(run.oldestUnsent).toBe(second);
    asked = [];
    await run.relay(recorded.slice(3, 5), globalPosition('6'), none);
    expect(asked).toEqual([]);
    // Read again from what the topic has of it.
    const resending = run.resend(
      recorded.slice(0, 5),
      heads.get(first.stream) ?? { revision: -1, hash: undefined },
    );
    await turn();
    expect(asked.map(({ revision }) => revision)).toEqual([1, 2, 3, 4]);
    answer({ kind: 'stored', nextOffset: 8n });
    expect(await resending).toMatchObject({ head: { revision: 4 } });
    expect(run.oldestUnsent).toBeUndefined();
  });
});
