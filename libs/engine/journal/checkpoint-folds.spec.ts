import { MemoryCheckpointStore } from '@fintech-ledger/checkpoint-store';
import { MemoryEventStore } from '@fintech-ledger/event-store';
import { ledgerDomain } from '@fintech-ledger/ledger';
import type { LedgerCommand } from '@fintech-ledger/ledger/domain';
import type { AnyJoinable } from './domain-part';
import { joinedDomain } from './joined-domain';
import { JournalWriter } from './journal-writer';
import { silentObserver } from './observer';

const stream = 'journal-led_1';
type Domain = typeof ledgerDomain;

/** The ledger's domain, of a release that folds in this version. */
function folding(foldVersion?: number): Domain {
  const base = { ...ledgerDomain, ...(foldVersion === undefined ? {} : { foldVersion }) };
  return joinedDomain(ledgerDomain.events, {}, base as unknown as AnyJoinable) as unknown as Domain;
}

class Installation {
  private readonly eventStore = new MemoryEventStore();
  readonly checkpoints = new MemoryCheckpointStore();
  private accounts = 0;

  /** Starts the writer, opens accounts and stops it. @returns how many events it read, and why it used no checkpoint */
  async run(domain: Domain, accounts = 0): Promise<{ replayed: number; outdated: readonly string[] }> {
    const seen = { replayed: -1, outdated: [] as string[] };
    const observer = {
      ...silentObserver,
      loaded: (_stream: string, _revision: number, replayed: number) => (seen.replayed = replayed),
      // No alarm: nobody has touched it.
      checkpointDropped: (_stream: string, reason: string) => expect(reason).toBe('none is dropped'),
      checkpointOutdated: (_stream: string, reason: string) => seen.outdated.push(reason),
    };
    const { eventStore, checkpoints } = this;
    const clock = { nowMs: () => Date.now() };
    const newCommandId = (): string => crypto.randomUUID();
    const dependencies = { domain, eventStore, checkpoints, clock, observer, newCommandId };
    const writer = new JournalWriter(stream, dependencies, { cacheRecords: 1_000 });
    await writer.load();
    for (let n = 0; n < accounts; n += 1) await this.openAccount(writer);
    await writer.close();
    return seen;
  }

  private async openAccount(
    writer: Pick<JournalWriter<LedgerCommand, never, never>, 'submit'>,
  ): Promise<void> {
    const address = `account:${(this.accounts += 1)}`;
    const of = { accountType: 'liability', currency: 'USD', minBalance: null } as const;
    const command: LedgerCommand = { type: 'OpenAccount', address, ...of };
    const by = { organizationId: 'org_1', actor: 'key_1', correlationId: 'req_1' };
    expect(await writer.submit({ stream, ...by, command })).toMatchObject({ kind: 'accepted' });
  }
}

describe('a checkpoint', () => {
  it('is used as long as its records are folded as they were', async () => {
    const installation = new Installation();
    await installation.run(folding(), 20);
    expect(await installation.run(folding())).toEqual({ replayed: 0, outdated: [] });
    expect(await installation.run(folding(1), 5)).toEqual({ replayed: 0, outdated: [] });
    expect((await installation.checkpoints.loadHead(stream))?.folds).toEqual(['base:1']);
  });

  it.each([
    ['a later', folding(2)],
    ['an earlier', folding(0)],
  ])('is folded again by %s release that folds otherwise, once', async (_which, other) => {
    const installation = new Installation();
    await installation.run(folding(), 20);
    const { replayed, outdated } = await installation.run(other);
    expect([replayed, outdated]).toEqual([20, [expect.stringContaining('another release (base:1)')]]);
    expect(await installation.run(other)).toEqual({ replayed: 0, outdated: [] });
  });

  it('of a release that did not say so is used', async () => {
    const installation = new Installation();
    await installation.run(ledgerDomain, 20);
    expect((await installation.checkpoints.loadHead(stream))?.folds).toEqual([]);
    expect(await installation.run(folding(2))).toEqual({ replayed: 0, outdated: [] });
  });
});
