import type { EventStore } from '@fintech-ledger/event-store';
import { MemoryEventStore } from '@fintech-ledger/event-store';
import { ledgerDomain } from '@fintech-ledger/ledger';
import type { LedgerCommand } from '@fintech-ledger/ledger/domain';
import { MemoryCheckpointStore } from '@fintech-ledger/checkpoint-store';
import { accepted, codeOf, open, post, send, setUp, stream } from '../../testing/ledger/ledger-writer';
import type { Writer } from '../../testing/ledger/ledger-writer';
import type { CommandEnvelope, CommandOutcome } from './gateway';
import { systemClock } from './clock';
import { JournalWriter } from './journal-writer';
import { silentObserver } from './observer';
import type { Trial } from './trial';
import { Trials } from './trials';
import type { TrialsOptions } from './trial-options';
import { TriedCheckpoint } from './tried-checkpoint';
import { TriedEvents } from './tried-events';

function trialsOver(
  { store, checkpoints }: { store: EventStore; checkpoints: MemoryCheckpointStore },
  options: Partial<TrialsOptions> = {},
): Trials {
  return new Trials({
    domainOf: () => ledgerDomain as unknown as ReturnType<TrialsOptions['domainOf']>,
    ...{ eventStore: store, checkpoints, cacheRecords: 1_000, ...options },
  });
}

const asked = (command: LedgerCommand, extra: Partial<CommandEnvelope> = {}): CommandEnvelope => ({
  ...{ stream, organizationId: 'org_1', actor: 'key_1', correlationId: 'req_1', command, ...extra },
});
const everything = (store: EventStore) => store.readStream(stream, { limit: 1_000 });

describe('a trial', () => {
  it('judges each command with what those before it did, and writes nothing', async () => {
    const { store, checkpoints, writer } = setUp();
    await writer.load();
    accepted(await send(writer, open('cash')));
    const before = await everything(store);
    const trial = trialsOver({ store, checkpoints }).begin('org_1');
    const commands: LedgerCommand[] = [
      open('sales', '0'),
      post('cash', 'sales', 5),
      post('sales', 'cash', 6),
    ];
    const outcomes = await Promise.all(commands.map((command) => trial.submit(asked(command))));
    expect(outcomes.map(codeOf)).toEqual(['accepted', 'accepted', 'insufficient_funds']);
    const { answer } = accepted(outcomes[1] as CommandOutcome);
    expect(answer).toMatchObject({ dry_run: true, position: 'led_1@0', balances: { sales: {} } });
    expect(outcomes[1]).toMatchObject({ revision: 0, replayed: false });
    trial.close();
    expect(await everything(store)).toEqual(before);
    expect(codeOf(await send(writer, post('cash', 'sales', 1)))).toBe('unknown_account');
  });

  it('knows keys and transactions of its own and of the stream', async () => {
    const { store, checkpoints, writer } = setUp();
    await writer.load();
    for (const command of [open('cash'), open('sales')]) await send(writer, command);
    const of = (key: string, hash = key) => ({ idempotencyKey: key, requestHash: hash });
    const real = accepted(await send(writer, post('cash', 'sales', 5), of('before')));
    const trial = trialsOver({ store, checkpoints }).begin('org_1');
    const again = accepted(await trial.submit(asked(post('cash', 'sales', 5), of('before'))));
    expect(again).toEqual({ ...real, replayed: true });
    const first = accepted(await trial.submit(asked(post('cash', 'sales', 7), of('new'))));
    const second = accepted(await trial.submit(asked(post('cash', 'sales', 7), of('new'))));
    expect(second).toEqual({ ...first, replayed: true });
    expect(codeOf(await trial.submit(asked(post('cash', 'sales', 8), of('new', 'other'))))).toBe(
      'idempotency_key_reused',
    );
    for (const { answer } of [real, first]) {
      const reverse: LedgerCommand = { type: 'ReverseTransaction', transactionId: String(answer.id) };
      const codes = [await trial.submit(asked(reverse)), await trial.submit(asked(reverse))].map(codeOf);
      expect(codes).toEqual(['accepted', 'already_reversed']);
    }
    trial.close();
  });

  it('stays with the ledger as it was when it began, whatever is written and saved beside it', async () => {
    const { store, checkpoints, writer } = setUp({ cacheRecords: 1 });
    await writer.load();
    for (const name of ['cash', 'sales', 'other'])
      await send(writer, open(name, name === 'sales' ? '0' : null));
    await writer.checkpoint();
    const trial = trialsOver({ store, checkpoints }).begin('org_1');
    expect(codeOf(await trial.submit(asked(post('cash', 'sales', 5))))).toBe('accepted');
    for (let i = 0; i < 5; i += 1) await send(writer, post('cash', 'sales', 1_000));
    await send(writer, post('other', 'sales', 1_000));
    await writer.checkpoint();
    expect(codeOf(await trial.submit(asked(post('sales', 'other', 6))))).toBe('insufficient_funds');
    expect(codeOf(await trial.submit(asked(post('sales', 'other', 5))))).toBe('accepted');
    trial.close();
    expect(codeOf(await send(writer, post('sales', 'other', 6_000)))).toBe('accepted');
  });

  it('goes on from what its writers saved, with the checkpoint of before under it', async () => {
    const { store, checkpoints, writer } = setUp();
    await writer.load();
    for (const command of [open('cash'), open('sales', '0'), post('cash', 'sales', 5)])
      await send(writer, command);
    await writer.checkpoint();
    const saved = new TriedCheckpoint(await checkpoints.snapshot());
    const events = new TriedEvents(store, writer.revision);
    const newWriter = (): Writer => {
      const parts = { clock: systemClock, observer: silentObserver, newCommandId: () => crypto.randomUUID() };
      const deps = { domain: ledgerDomain, eventStore: events, checkpoints: saved, ...parts };
      return new JournalWriter(stream, deps, { cacheRecords: 1 });
    };
    for (const [amount, expected] of [
      [4, 'accepted'],
      [2, 'insufficient_funds'],
      [1, 'accepted'],
    ] as const) {
      const trying = newWriter();
      await trying.load();
      expect(codeOf(await send(trying, post('sales', 'cash', amount)))).toBe(expected);
      expect(await trying.close()).toBe(true);
    }
    expect(await checkpoints.loadHead(stream)).toMatchObject({ revision: 2 });
    expect(await saved.loadHead(stream)).toMatchObject({ revision: 4 });
  });

  it('is refused beyond its share of the memory, and frees it at its end', async () => {
    const { store, checkpoints } = setUp();
    const trials = trialsOver({ store, checkpoints }, { limits: { trialBytesMax: 20_000 } });
    const trial = trials.begin('org_1');
    const outcomes: string[] = [];
    for (let i = 0; i < 40; i += 1) outcomes.push(codeOf(await trial.submit(asked(open(`a:${i}`)))));
    expect(outcomes[0]).toBe('accepted');
    expect(outcomes.at(-1)).toBe('dry_run_too_large');
    const small = trials.begin('org_2');
    expect(codeOf(await small.submit(asked(open('b'))))).toBe('accepted');
    expect(() => [trials.begin('org_2'), trials.begin('org_2')]).toThrow('too many dry runs');
    trial.close();
    await expect(trial.submit(asked(open('c')))).rejects.toThrow('has ended');
  });

  it('gives its place to another one while it is asked nothing', async () => {
    const { store, checkpoints } = setUp();
    let nowMs = performance.now();
    const time = jest.spyOn(performance, 'now').mockImplementation(() => nowMs);
    const limits = { trialIdleMsMax: 1_000, trialsMax: 3, trialsOfOrganizationMax: 2 };
    const trials = trialsOver({ store, checkpoints }, { limits });
    const begun = ['org_1', 'org_1', 'org_2'].map((owner) => trials.begin(owner, { mayIdle: true }));
    expect(() => trials.begin('org_1')).toThrow('too many dry runs');
    expect(() => trials.begin('org_3')).toThrow('too many dry runs');
    nowMs += 1_001;
    const [first, second, third] = begun as [Trial, Trial, Trial];
    expect(codeOf(await first.submit(asked(open('a'))))).toBe('accepted');
    expect(codeOf(await third.submit(asked(open('a'))))).toBe('accepted');
    trials.begin('org_1');
    await expect(second.submit(asked(open('a')))).rejects.toThrow('has ended');
    expect(() => trials.begin('org_3')).toThrow('too many dry runs');
    for (const trial of [first, third]) expect(codeOf(await trial.submit(asked(open('b'))))).toBe('accepted');
    // What was begun last does not depend on a client: a file is read for as long as that takes.
    first.close();
    trials.begin('org_1');
    nowMs += 1_001;
    expect(() => trials.begin('org_1')).toThrow('too many dry runs');
    time.mockRestore();
  });

  it('honours that a key is revoked', async () => {
    const { store, checkpoints } = setUp();
    const revoked = new Set<string>();
    const ended = (actor: string) => (revoked.has(actor) ? ('revoked' as const) : undefined);
    const actors = { doubt: () => undefined, ended };
    const trial = trialsOver({ store, checkpoints }, { actors }).begin('org_1');
    expect(codeOf(await trial.submit(asked(open('a'))))).toBe('accepted');
    revoked.add('key_1');
    expect(codeOf(await trial.submit(asked(open('b'))))).toBe('unauthenticated');
    trial.close();
  });

  it('ends while it is being loaded', async () => {
    const trial = trialsOver({
      store: new MemoryEventStore(),
      checkpoints: new MemoryCheckpointStore(),
    }).begin('o');
    const submitted = trial.submit(asked(open('a')));
    trial.close();
    await expect(submitted).rejects.toThrow('has ended');
  });
});
