import { revision, StoreUnavailable } from '@fintech-ledger/event-store';
import { CommandOutcomeUnknown, WriterUnavailable } from '@fintech-ledger/journal';
import type { CommandEnvelope, CommandOutcome } from '@fintech-ledger/journal';
import { OwnerGateway } from './owner-gateway';

const accepted: CommandOutcome = { kind: 'accepted', answer: '{}', revision: revision(0), replayed: false };

describe('OwnerGateway', () => {
  let owners: string[];
  let owned: Map<string, string>;
  let lookups: number;
  let forwarded: string[];
  let answers: (CommandOutcome | Error)[];

  beforeEach(() => {
    owners = ['http://a', 'http://b', 'http://c'];
    owned = new Map();
    lookups = 0;
    forwarded = [];
    answers = [];
  });

  const gateway = (patienceMs = 1_000) =>
    new OwnerGateway({
      patienceMs,
      directory: {
        ownerOf: async (stream) => {
          lookups += 1;
          return owned.get(stream);
        },
        owners: async () => owners,
      },
      forwarder: {
        forward: async (address) => {
          forwarded.push(address);
          const answer = answers.shift() ?? accepted;
          if (answer instanceof Error) throw answer;
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

  it('looks again when the owner turns it away or is gone', async () => {
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
});
