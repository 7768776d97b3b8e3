import { MemoryCheckpointStore } from '@fintech-ledger/checkpoint-store';
import { MemoryEventStore } from '@fintech-ledger/event-store';
import { JournalWriter, silentObserver, soleOwnership, WriterDirectory } from '@fintech-ledger/journal';
import type { CommandEnvelope, CommandOutcome, EffectRunner, OpenWriter } from '@fintech-ledger/journal';
import type { CarrierCommand, RecordCarrier } from '../../../testing/carrier/carrier-part';
import { joinedLedger } from '../../../testing/postage/joined-ledger';

const stream = 'journal-led_1';
const noon = Date.parse('2026-01-05T12:00:00.000Z');
const send: CarrierCommand = { type: 'SendParcel', parcelId: 'p1', currency: 'USD' };
const memory = () => ({ eventStore: new MemoryEventStore(), checkpoints: new MemoryCheckpointStore() });
type Stores = ReturnType<typeof memory>;

/** A carrier that answers when it is told to. */
class SlowCarrier implements EffectRunner {
  private readonly asked: ((outcome: RecordCarrier['outcome']) => void)[] = [];
  calls = 0;

  run({ key: parcelId }: { readonly key: string }): Promise<RecordCarrier> {
    this.calls += 1;
    return new Promise((resolve) =>
      this.asked.push((outcome) => resolve({ type: 'RecordCarrier', parcelId, outcome })),
    );
  }

  async says(outcome: RecordCarrier['outcome']): Promise<void> {
    await until(() => this.asked.length > 0);
    this.asked.shift()?.(outcome);
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

const gateways: WriterDirectory[] = [];

// Calls that still wait would otherwise end after the test.
afterEach(() => Promise.all(gateways.splice(0).map((gateway) => gateway.close())));

/** A process that writes the ledger. */
function start(carrier: EffectRunner, stores: Stores = memory(), limits: object = {}, nowMs = () => noon) {
  const writers: { checkpoint(): Promise<void>; stop(reason: Error): void }[] = [];
  const gateway = new WriterDirectory({
    openWriter(name) {
      const writer = new JournalWriter(
        name,
        {
          domain: joinedLedger,
          ...stores,
          clock: { nowMs },
          effects: carrier,
          observer: silentObserver,
          newCommandId: () => crypto.randomUUID(),
        },
        { cacheRecords: 1, limits: { appendRetryMs: 1, cacheKeys: 1, effectMsMax: 2_000, ...limits } },
      );
      writers.push(writer);
      return writer as OpenWriter;
    },
    ownership: soleOwnership,
    retryMs: 5,
  });
  gateways.push(gateway);
  const submit = (command: CarrierCommand, more: Partial<CommandEnvelope> = {}): Promise<CommandOutcome> => {
    const sent = { stream, organizationId: 'org_1', actor: 'key_1', correlationId: 'r', command, ...more };
    const outcome = gateway.submit(sent);
    // Some tests end before it is there.
    outcome.catch(() => undefined);
    return outcome;
  };
  return { gateway, submit, stores, writers };
}
const key = (idempotencyKey: string) => ({ idempotencyKey, requestHash: 'ab' });
const other = (parcelId: string): CarrierCommand => ({ type: 'HandOver', parcelId, currency: 'USD' });

const taken = {
  kind: 'accepted',
  revision: 1,
  answer: expect.stringContaining('"isOpen":false') as unknown,
};
const refused = {
  kind: 'refused',
  revision: 1,
  refusal: { code: 'carrier_refused', objects: { parcel: { parcelId: 'p1', isOpen: false } } },
};

describe('a command whose event intends a call', () => {
  it.each([
    ['taken', taken],
    ['refused', refused],
  ] as const)('is answered with the event that ends the call: %s', async (outcome, answer) => {
    const carrier = new SlowCarrier();
    const { submit } = start(carrier);
    const answered = submit(send, key('k'));
    await carrier.says(outcome);
    expect(await answered).toMatchObject({ ...answer, replayed: false });
  });

  it('holds up nothing else of its stream', async () => {
    const carrier = new SlowCarrier();
    const { submit } = start(carrier);
    const answered = submit(send);
    for (const parcelId of ['p2', 'p3']) expect((await submit(other(parcelId))).kind).toBe('accepted');
    await carrier.says('taken');
    expect(await answered).toMatchObject({ kind: 'accepted', revision: 3 });
  });

  it('has one answer for ever, whoever waited, and whatever the stream did since', async () => {
    const carrier = new SlowCarrier();
    const { submit, stores, writers } = start(carrier);
    const both = [submit(send, key('k')), submit(send, key('k'))];
    await until(() => carrier.calls === 1);
    // It finds the key in the journal, and not in what is being appended.
    both.push(submit(send, key('k')));
    await carrier.says('refused');
    const [first, ...again] = await Promise.all(both);
    expect(first).toMatchObject(refused);
    for (const one of again) expect(one).toEqual({ ...first, replayed: true });
    for (let i = 0; i < 5; i += 1) await submit(other(`other-${i}`), key(`other-${i}`));
    await writers[0]?.checkpoint();
    // The record and the key have left memory: both are read from the checkpoint.
    for (let i = 5; i < 10; i += 1) await submit(other(`other-${i}`), key(`other-${i}`));
    expect(await submit(send, key('k'))).toEqual({ ...first, replayed: true });
    const elsewhere = start(new SlowCarrier(), stores);
    expect(await elsewhere.submit(send, key('k'))).toEqual({ ...first, replayed: true });
    expect(carrier.calls).toBe(11);
  });

  it('is refused under its key for another request', async () => {
    const carrier = new SlowCarrier();
    const { submit } = start(carrier);
    const answered = submit(send, key('k'));
    await until(() => carrier.calls === 1);
    const reused = { kind: 'refused', refusal: { code: 'idempotency_key_reused' } };
    expect(await submit(send, { ...key('k'), requestHash: 'cd' })).toMatchObject(reused);
    await carrier.says('taken');
    await answered;
  });
});

describe('a call that takes longer than its callers can wait', () => {
  const limits = { callWaitMsMax: 50 };
  const underWay = {
    kind: 'refused',
    refusal: { code: 'call_under_way', objects: { parcel: { isOpen: true } } },
  };

  it('is told with the object as it is, and its end is the answer all the same', async () => {
    const carrier = new SlowCarrier();
    const { submit } = start(carrier, memory(), limits);
    const [first, second] = await Promise.all([submit(send, key('k')), submit(send, key('other'))]);
    expect(first).toMatchObject({ ...underWay, revision: 0 });
    expect(second).toMatchObject(underWay);
    expect(second).not.toHaveProperty('revision');
    expect(await submit(send, key('k'))).toMatchObject(underWay);
    const waiting = submit(send, key('k'));
    await carrier.says('taken');
    expect(await waiting).toMatchObject({ ...taken, replayed: true });
    expect(await submit(send, key('k'))).toMatchObject({ ...taken, replayed: true });
  });

  it('is told before the deadline of the request, which says less', async () => {
    const { submit } = start(new SlowCarrier());
    expect(await submit(send, { deadline: performance.now() + 700 })).toMatchObject(underWay);
  });

  it('has a bound on how many wait', async () => {
    const { submit } = start(new SlowCarrier(), memory(), { callWaitersMax: 1 });
    void submit(send);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await expect(submit(other('p2'), { deadline: performance.now() + 50 })).rejects.toThrow('too much to do');
  });

  it('is recorded at once while as many wait as may', async () => {
    const carrier = new SlowCarrier();
    const { submit } = start(carrier, memory(), { callWaitersMax: 1 });
    const waiting = submit(send);
    await until(() => carrier.calls === 1);
    await carrier.says('taken');
    expect(await waiting).toMatchObject(taken);
  });
});

describe('a command on what a call is under way of', () => {
  it('is judged after it, in the order in which they came', async () => {
    const carrier = new SlowCarrier();
    const { submit } = start(carrier);
    const first = submit(send, key('k'));
    const later = [submit(send, key('l')), submit(send)];
    await carrier.says('taken');
    expect(await first).toMatchObject(taken);
    for (const one of await Promise.all(later))
      expect(one).toMatchObject({ kind: 'refused', refusal: { code: 'already_sent' } });
    expect(carrier.calls).toBe(1);
  });
});

describe('a writer that ends while commands wait', () => {
  it('lets those with a key go on waiting where the stream is written next', async () => {
    const carrier = new SlowCarrier();
    let nowMs = noon;
    const { submit, writers } = start(carrier, memory(), {}, () => nowMs);
    const waiting = [submit(send, key('k')), submit(send, key('l'))];
    const keyless = submit({ ...send, parcelId: 'p2' });
    await until(() => carrier.calls === 2);
    writers[0]?.stop(new Error('killed'));
    await expect(keyless).rejects.toMatchObject({ name: 'AnswerUnavailable', revision: 1 });
    nowMs += 60_000;
    // The first two calls are lost with their process; the next one asks.
    await until(() => carrier.calls === 4);
    for (let i = 0; i < 4; i += 1) await carrier.says('taken');
    const [own, after] = await Promise.all(waiting);
    expect(own).toMatchObject({ kind: 'accepted', replayed: true });
    expect(after).toMatchObject({ kind: 'refused', refusal: { code: 'already_sent' } });
  });

  it('does not wait for them when it is closed', async () => {
    const carrier = new SlowCarrier();
    const { submit, gateway } = start(carrier);
    const waiting = submit(send);
    await until(() => carrier.calls === 1);
    const closed = gateway.close();
    await expect(waiting).rejects.toMatchObject({ name: 'AnswerUnavailable' });
    await closed;
  });
});
