import { randomJournal } from '@fintech-ledger/testing';
import type { SendResult } from '@fintech-ledger/kafka';
import { globalPosition } from '@fintech-ledger/event-store';
import type { ChainHead } from '@fintech-ledger/projection-runtime';
import { RelayRun } from './relay-run';
import type { OpenTarget } from './target';

const { recorded } = randomJournal({ ledgerId: 'led_1', seed: 3, commands: 10 });

describe('RelayRun', () => {
  let answer: (result: SendResult) => void;
  const target: OpenTarget = {
    partitions: 1,
    recordBytesMax: 1_000_000,
    partitionOf: () => 0,
    tailAfter: async () => new Map(),
    check: async () => undefined,
    send: () =>
      new Promise((resolve) => {
        answer = (result) => resolve(new Map([[0, result]]));
      }),
    close: async () => undefined,
  };
  const nothing = { position: undefined, offsets: new Map<number, bigint>(), epoch: 0 };
  const start = (): RelayRun =>
    new RelayRun(target, nothing, new Map<string, ChainHead>(), {}, new AbortController().signal);

  it('knows the oldest event that is not acknowledged, until it is', async () => {
    const run = start();
    expect(run.oldestUnsent).toBeUndefined();
    const sending = run.relay(recorded.slice(0, 5), globalPosition('4'));
    expect(run.oldestUnsent).toBe(recorded[0]);
    answer({ kind: 'stored', nextOffset: 5n });
    await sending;
    expect(run.oldestUnsent).toBeUndefined();
    expect(run.checkpoint?.position).toBe('4');
  });

  it('keeps the one that a partition stands still at', async () => {
    const run = start();
    const [first, second] = recorded;
    if (first === undefined || second === undefined) throw new Error('there are events');
    const sending = run.relay(recorded.slice(0, 5), globalPosition('4'));
    answer({ kind: 'refused', event: second, reason: 'too large' });
    await sending;
    await run.relay(recorded.slice(5, 8), globalPosition('7'));
    expect(run.oldestUnsent).toBe(second);
    expect(run.checkpoint).toBeUndefined();
  });
});
