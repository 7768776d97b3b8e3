import { revision } from '@fintech-ledger/event-store';
import { BrokenInvariant } from '@fintech-ledger/contract';
import { CommandOutcomeUnknown, NotOwner, WriterUnavailable } from './gateway';
import type { CommandEnvelope, CommandOutcome } from './gateway';
import type { Forwarder, Ownership } from './ownership';
import { soleOwnership } from './ownership';
import { StreamRefused, StreamWitness } from './stream-witness';
import type { OpenWriter } from './open-writer';
import { WriterDirectory } from './writer-directory';

const accepted: CommandOutcome = { kind: 'accepted', answer: '{}', revision: revision(0), replayed: false };
const envelope = (stream = 'journal-a', more: Partial<CommandEnvelope> = {}): CommandEnvelope => ({
  stream,
  organizationId: 'org_1',
  actor: 'key_1',
  correlationId: 'req_1',
  command: {},
  ...more,
});

class FakeWriter implements OpenWriter {
  isStopped = false;
  isIdle = true;
  isSaved = true;
  closed = false;
  stopReason: Error | undefined;
  readonly taken: CommandEnvelope[] = [];
  constructor(
    readonly stream: string,
    private readonly loadError?: Error,
  ) {}
  load(): Promise<void> {
    if (!this.loadError) return Promise.resolve();
    this.isStopped = true;
    return Promise.reject(this.loadError);
  }
  submit(command: CommandEnvelope): Promise<CommandOutcome> {
    if (this.isStopped) return Promise.reject(new WriterUnavailable('stopped'));
    this.taken.push(command);
    return Promise.resolve(accepted);
  }
  stop(reason: Error): void {
    this.isStopped = true;
    this.stopReason = reason;
  }
  leave(reason: Error): void {
    this.stop(reason);
  }
  close(): Promise<boolean> {
    this.isStopped = true;
    this.closed = true;
    return Promise.resolve(this.isSaved);
  }
}

function directory(
  options: {
    ownership?: Ownership;
    forwarder?: Forwarder;
    writersMax?: number;
    loadErrors?: Error[];
    patienceMs?: number;
    witness?: StreamWitness;
  } = {},
) {
  const opened: FakeWriter[] = [];
  const { ownership = soleOwnership, loadErrors = [], ...rest } = options;
  const openWriter = (stream: string): FakeWriter => {
    const writer = new FakeWriter(stream, loadErrors.shift());
    opened.push(writer);
    return writer;
  };
  return {
    opened,
    directory: new WriterDirectory({ openWriter, ownership, patienceMs: 10_000, retryMs: 1, ...rest }),
  };
}

describe('the writer directory', () => {
  it('opens one writer a stream, also for commands that come at once', async () => {
    const { opened, directory: writers } = directory();
    await Promise.all([
      writers.submit(envelope()),
      writers.submit(envelope()),
      writers.submit(envelope('journal-b')),
    ]);
    expect(opened.map(({ stream }) => stream).sort()).toEqual(['journal-a', 'journal-b']);
    expect(writers.size).toBe(2);
  });

  it('opens a new writer when one has stopped, and tries again when one could not be loaded', async () => {
    const { opened, directory: writers } = directory({ loadErrors: [new WriterUnavailable('store away')] });
    await writers.submit(envelope());
    expect(opened).toHaveLength(2);
    if (opened[1]) opened[1].isStopped = true;
    expect(await writers.submit(envelope())).toBe(accepted);
    expect(opened).toHaveLength(3);
  });

  it('says that nothing was written when a writer can not be loaded, whatever the reason', async () => {
    const loadErrors = Array.from({ length: 20 }, () => new BrokenInvariant('the hash chain breaks'));
    const { directory: writers } = directory({ loadErrors, patienceMs: 10 });
    await expect(writers.submit(envelope())).rejects.toThrow(WriterUnavailable);
  });

  it('says in time that nothing was written while nobody says who the owner is, or the writer is not loaded', async () => {
    const never = new Promise<never>(() => undefined);
    const patienceMs = 20;
    const silent = directory({ ownership: { ...soleOwnership, acquire: () => never }, patienceMs });
    await expect(silent.directory.submit(envelope())).rejects.toThrow(WriterUnavailable);
    expect(silent.opened).toHaveLength(0);
    const slow = directory({ patienceMs });
    jest.spyOn(FakeWriter.prototype, 'load').mockReturnValueOnce(never);
    await expect(slow.directory.submit(envelope())).rejects.toThrow(WriterUnavailable);
    expect(slow.opened.map(({ taken }) => taken)).toEqual([[]]);
  });

  it('hands a command to the owner, and takes the stream over when the owner is gone', async () => {
    let isGone = false;
    const forwarded: string[] = [];
    const { opened, directory: writers } = directory({
      ownership: {
        ...soleOwnership,
        acquire: async () => (isGone ? { kind: 'held' } : { kind: 'owned_by', address: 'http://other' }),
        release: async () => undefined,
      },
      forwarder: {
        forward: async (address) => {
          forwarded.push(address);
          if (forwarded.length < 2) return accepted;
          isGone = true;
          throw new WriterUnavailable('connection refused');
        },
      },
    });
    await writers.submit(envelope());
    expect([forwarded, opened.length]).toEqual([['http://other'], 0]);
    await writers.submit(envelope());
    expect([forwarded.length, opened.length]).toEqual([2, 1]);
    await expect(
      directory({
        ownership: {
          ...soleOwnership,
          acquire: async () => ({ kind: 'owned_by', address: 'x' }),
          release: async () => undefined,
        },
        patienceMs: 10,
      }).directory.submitHere(envelope()),
    ).rejects.toThrow(WriterUnavailable);
  });

  it('sends a command again after an unknown outcome only when its key makes that safe', async () => {
    let attempts = 0;
    const { directory: writers } = directory({
      ownership: {
        ...soleOwnership,
        acquire: async () => ({ kind: 'owned_by', address: 'x' }),
        release: async () => undefined,
      },
      forwarder: {
        forward: async () => {
          attempts += 1;
          if (attempts % 2 === 1) throw new CommandOutcomeUnknown('connection lost');
          return accepted;
        },
      },
    });
    expect(await writers.submit(envelope('journal-a', { idempotencyKey: 'k', requestHash: 'h' }))).toBe(
      accepted,
    );
    await expect(writers.submit(envelope())).rejects.toThrow(CommandOutcomeUnknown);
    expect(attempts).toBe(3);
  });

  it('closes the writer that was idle the longest when there are too many', async () => {
    const { opened, directory: writers } = directory({ writersMax: 2 });
    for (const stream of ['journal-a', 'journal-b', 'journal-c']) await writers.submit(envelope(stream));
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(opened.map(({ closed }) => closed)).toEqual([true, false, false]);
  });

  it('takes a stream again only when its writer has closed and given it up', async () => {
    const seen: string[] = [];
    const ownership: Ownership = {
      ...soleOwnership,
      acquire: async (stream) => {
        seen.push(`acquire ${stream}`);
        return { kind: 'held' };
      },
      release: async (stream) => void seen.push(`release ${stream}`),
    };
    const { opened, directory: writers } = directory({ writersMax: 1, ownership });
    await writers.submit(envelope('a'));
    let closed = (_isSaved: boolean): void => undefined;
    const closing = new Promise<boolean>((resolve) => (closed = resolve));
    jest.spyOn(opened[0] as FakeWriter, 'close').mockReturnValue(closing);
    await writers.submit(envelope('b'));
    const again = writers.submit(envelope('a'));
    await new Promise((resolve) => setImmediate(resolve));
    expect([seen, opened.length]).toEqual([['acquire a', 'acquire b'], 2]);
    closed(true);
    expect(await again).toBe(accepted);
    expect(seen).toEqual(['acquire a', 'acquire b', 'release a', 'acquire a', 'release b']);
  });

  it('does not wait for ever for a writer that closes', async () => {
    const { opened, directory: writers } = directory({ writersMax: 1, patienceMs: 10 });
    await writers.submit(envelope('a'));
    jest.spyOn(opened[0] as FakeWriter, 'close').mockReturnValue(new Promise(() => undefined));
    await writers.submit(envelope('b'));
    await expect(writers.submit(envelope('a'))).rejects.toThrow(WriterUnavailable);
  });

  it('closes first what was opened without a command, unless one has come meanwhile', async () => {
    const { opened, directory: writers } = directory({ writersMax: 3 });
    for (const stream of ['journal-a', 'journal-b']) await writers.attend(stream);
    await writers.submit(envelope('journal-a'));
    for (const stream of ['journal-c', 'journal-d']) await writers.submit(envelope(stream));
    expect(opened.map(({ closed }) => closed)).toEqual([false, true, false, false]);
    await writers.submit(envelope('journal-e'));
    expect(opened.map(({ closed }) => closed)).toEqual([true, true, false, false, false]);
  });

  it('loads some writers at a time, and none any more once it closes', async () => {
    const asked: string[] = [];
    let answer = (): void => undefined;
    const answered = new Promise<undefined>((resolve) => (answer = () => resolve(undefined)));
    const witness = new StreamWitness({
      problemOf: (stream) => {
        asked.push(stream);
        return answered;
      },
      onRefused: () => undefined,
    });
    const { directory: writers } = directory({ witness });
    const streams = Array.from({ length: 20 }, (_, number) => `journal-${number}`);
    const outcomes = Promise.allSettled(streams.map((stream) => writers.submit(envelope(stream))));
    await new Promise((resolve) => setImmediate(resolve));
    expect(asked).toEqual(streams.slice(0, 8));
    const closing = writers.close();
    answer();
    await closing;
    expect(asked).toHaveLength(8);
    expect((await outcomes).filter(({ status }) => status === 'rejected').length).toBeGreaterThanOrEqual(12);
  });

  it('keeps a stream whose writer could not save everything, and attends to it', async () => {
    const released: string[] = [];
    const ownership: Ownership = { ...soleOwnership, release: async (stream) => void released.push(stream) };
    const { opened, directory: writers } = directory({ writersMax: 1, ownership });
    await writers.submit(envelope('journal-a'));
    if (opened[0]) opened[0].isSaved = false;
    await writers.submit(envelope('journal-b'));
    await writers.submit(envelope('journal-c'));
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(released).toEqual(['journal-b']);
    expect(writers.unattended()).toEqual(['journal-a']);
    expect(writers.running()).toEqual(['journal-c']);
    await writers.attend('journal-a');
    expect(writers.unattended()).toEqual([]);
    expect(writers.running()).toContain('journal-a');
  });

  it('attends to a stream whose writer stopped, and forgets one that another process has by now', async () => {
    let isOurs = true;
    const ownership: Ownership = {
      ...soleOwnership,
      acquire: async () => (isOurs ? { kind: 'held' } : { kind: 'owned_by', address: 'x' }),
    };
    const { opened, directory: writers } = directory({ ownership });
    await writers.submit(envelope());
    if (opened[0]) opened[0].isStopped = true;
    expect(writers.unattended()).toEqual(['journal-a']);
    await writers.attend('journal-a');
    expect(opened).toHaveLength(2);
    expect(writers.unattended()).toEqual([]);
    if (opened[1]) opened[1].isStopped = true;
    isOurs = false;
    await writers.attend('journal-a');
    expect([opened.length, writers.unattended(), writers.running()]).toEqual([2, [], []]);
  });

  it('stops a writer whose stream the store does not have any more, and loads none', async () => {
    const problem: { reason?: string } = {};
    const refused: string[] = [];
    const witness = new StreamWitness({
      problemOf: async () => problem.reason,
      onRefused: (stream) => void refused.push(stream),
    });
    const { opened, directory: writers } = directory({ witness });
    await writers.submit(envelope());
    await writers.recheck('journal-a');
    expect(opened[0]?.isStopped).toBe(false);
    problem.reason = 'the event store is the older one';
    await writers.recheck('journal-a');
    await writers.recheck('journal-unknown');
    expect([opened[0]?.stopReason, refused]).toEqual([
      new StreamRefused('the event store is the older one'),
      [],
    ]);
    await expect(writers.submit(envelope('journal-b'))).rejects.toThrow(StreamRefused);
    expect([opened[1]?.taken, refused]).toEqual([[], ['journal-b']]);
    expect(writers.unattended()).toContain('journal-b');
  });

  it('ends the writers of streams that another process has taken, and looks for their owner again', async () => {
    const told: ((streams: readonly string[]) => void)[] = [];
    let isOurs = true;
    const forward = jest.fn(async () => accepted);
    const { opened, directory: writers } = directory({
      ownership: {
        ...soleOwnership,
        acquire: async () => (isOurs ? { kind: 'held' } : { kind: 'owned_by', address: 'http://other' }),
        onLost: (listener) => void told.push(listener),
      },
      forwarder: { forward },
    });
    for (const stream of ['journal-a', 'journal-b']) await writers.submit(envelope(stream));
    isOurs = false;
    for (const tell of told) tell(['journal-a', 'journal-unknown']);
    expect(opened.map(({ stopReason }) => stopReason)).toEqual([new NotOwner('journal-a'), undefined]);
    expect([writers.running(), writers.unattended()]).toEqual([['journal-b'], []]);
    expect(await writers.submit(envelope())).toBe(accepted);
    expect(forward).toHaveBeenCalledTimes(1);
  });

  it('says at once to another process that a stream is not ours: it looks for the owner, and has the time for it', async () => {
    const { directory: writers } = directory({
      ownership: { ...soleOwnership, acquire: async () => ({ kind: 'owned_by', address: 'http://other' }) },
    });
    const askedAt = performance.now();
    await expect(writers.submitHere(envelope())).rejects.toThrow(NotOwner);
    expect(performance.now() - askedAt).toBeLessThan(5_000);
  });

  it('refuses commands once it closes, after closing every writer', async () => {
    const { opened, directory: writers } = directory();
    await writers.submit(envelope());
    await writers.close();
    expect(opened[0]?.closed).toBe(true);
    await expect(writers.submit(envelope())).rejects.toThrow('stopping');
  });
});
