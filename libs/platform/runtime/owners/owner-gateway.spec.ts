import { revision, StoreUnavailable } from '@fintech-ledger/event-store';
import { CommandOutcomeUnknown, WriterUnavailable } from '@fintech-ledger/journal';
import type { CommandEnvelope, CommandOutcome } from '@fintech-ledger/journal';
import { setTimeout as sleep } from 'node:timers/promises';
import { OwnerGateway } from './owner-gateway';

const accepted: CommandOutcome = { kind: 'accepted', answer: '{}', revision: revision(0), replayed: false };

describe('OwnerGateway', () => {
  let owners: string[];
  let owned: Map<string, string>;
  let ownerOf: (stream: string) => Promise<string | undefined>;
  let lookups: number;
  let forwarded: string[];
  /** What the writers say, one after the other; `never`: nothing. */
  let answers: (CommandOutcome | Error | 'never')[];

  beforeEach(() => {
    owners = ['http://a', 'http://b', 'http://c'];
    owned = new Map();
    lookups = 0;
    ownerOf = async (stream) => {
      lookups += 1;
      return owned.get(stream);
    };
    forwarded = [];
    answers = [];
  });

  const gateway = (patienceMs = 1_000) =>
    new OwnerGateway({
      patienceMs,
      ownerCheckMs: 10,
      directory: {
        ownerOf: (stream) => ownerOf(stream),
        owners: async () => owners,
      },
      forwarder: {
        forward: async (address) => {
          forwarded.push(address);
          const answer = answers.shift() ?? accepted;
          if (answer instanceof Error) throw answer;
          if (answer === 'never') return new Promise(() => undefined);
          return answer;
        },
      },
    });
  const command = (stream: string, more: Partial<CommandEnvelope> = {}): CommandEnvelope => ({
    stream,
    organizationId: 'org_1',
    actor: 'key_1',
    command: {},
    correlationId: 'req_1',
    ...more,
  });

  it('hands a command to the owner of its stream, and asks for the owner once', async () => {
    owned.set('journal-led_1', 'http://b');
    const one = gateway();
    for (let i = 0; i < 3; i += 1) await one.submit(command('journal-led_1'));
    expect(forwarded).toEqual(['http://b', 'http://b', 'http://b']);
    expect(lookups).toBe(1);
  });

  it('gives a stream without an owner to a living one, the same from every process', async () => {
    for (let n = 0; n < 20; n += 1) {
      forwarded = [];
      await gateway().submit(command(`journal-led_${n}`));
      await gateway().submit(command(`journal-led_${n}`));
      expect(new Set(forwarded).size).toBe(1);
      expect(owners).toContain(forwarded[0]);
    }
  });

  it('looks again when the owner refuses it or is gone', async () => {
    owned.set('journal-led_1', 'http://a');
    const one = gateway();
    await one.submit(command('journal-led_1'));
    owned.set('journal-led_1', 'http://c');
    answers = [new WriterUnavailable('gone')];
    expect(await one.submit(command('journal-led_1'))).toBe(accepted);
    expect(forwarded).toEqual(['http://a', 'http://a', 'http://c']);
  });

  it('sends a command whose outcome is unknown again only with an idempotency key', async () => {
    answers = [new CommandOutcomeUnknown('lost')];
    await expect(gateway().submit(command('journal-led_1'))).rejects.toThrow(CommandOutcomeUnknown);
    answers = [new CommandOutcomeUnknown('lost')];
    expect(await gateway().submit(command('journal-led_1', { idempotencyKey: 'k' }))).toBe(accepted);
  });

  it('gives up when its patience ends: nothing was written', async () => {
    owners = [];
    await expect(gateway(150).submit(command('journal-led_1'))).rejects.toThrow('no writer is running');
    answers = Array.from({ length: 10 }, () => new StoreUnavailable('away'));
    owners = ['http://a'];
    await expect(gateway(150).submit(command('journal-led_1'))).rejects.toThrow(WriterUnavailable);
  });

  it('never says that nothing was written when an attempt may have been', async () => {
    owners = ['http://a'];
    answers = [
      new CommandOutcomeUnknown('lost'),
      ...Array.from({ length: 10 }, () => new WriterUnavailable('away')),
    ];
    const submitted = gateway(150).submit(command('journal-led_1', { idempotencyKey: 'k' }));
    await expect(submitted).rejects.toThrow(CommandOutcomeUnknown);
  });

  describe('when a writer does not answer', () => {
    const keyed = command('journal-led_1', { idempotencyKey: 'k' });
    const untilForwarded = async (times: number): Promise<void> => {
      while (forwarded.length < times) await sleep(1);
    };

    it('goes to the one that has the stream now, with an idempotency key', async () => {
      owned.set('journal-led_1', 'http://a');
      answers = ['never'];
      const submitted = gateway().submit(keyed);
      await untilForwarded(1);
      owned.set('journal-led_1', 'http://b');
      expect(await submitted).toBe(accepted);
      expect(forwarded).toEqual(['http://a', 'http://b']);
    });

    it('goes to a living one when nobody has the stream and that one is gone', async () => {
      owned.set('journal-led_1', 'http://a');
      answers = ['never'];
      const submitted = gateway().submit(keyed);
      await untilForwarded(1);
      owned.clear();
      owners = ['http://c'];
      expect(await submitted).toBe(accepted);
      expect(forwarded).toEqual(['http://a', 'http://c']);
    });

    it('waits on while the stream belongs to it, while it is alive and takes the stream, and while nobody can tell', async () => {
      owned.set('journal-led_1', 'http://a');
      answers = ['never'];
      void gateway().submit(keyed);
      await sleep(60);
      owned.clear();
      await sleep(60);
      ownerOf = () => Promise.reject(new StoreUnavailable('away'));
      await sleep(60);
      expect(forwarded).toEqual(['http://a']);
    });

    it('waits on without an idempotency key', async () => {
      owned.set('journal-led_1', 'http://a');
      answers = ['never'];
      void gateway().submit(command('journal-led_1'));
      await untilForwarded(1);
      owned.set('journal-led_1', 'http://b');
      await sleep(60);
      expect(forwarded).toEqual(['http://a']);
    });
  });
});
