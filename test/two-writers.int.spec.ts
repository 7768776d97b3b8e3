import { PostgresCheckpointStore } from '@fintech-ledger/checkpoint-store';
import { PostgresEventStore, revision } from '@fintech-ledger/event-store';
import { CommandOutcomeUnknown, WriterUnavailable } from '@fintech-ledger/journal';
import type { CommandOutcome } from '@fintech-ledger/journal';
import { BrokenInvariant } from '@fintech-ledger/contract';
import type { EntryRequest, LedgerCommand } from '@fintech-ledger/ledger/domain';
import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { seededRandom, testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { hash, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { JournalAudit, openLedgerNode } from '../libs/testing/simulation';
import type { LedgerNode } from '../libs/testing/simulation';

jest.setTimeout(120_000);

/** Two processes that both believe to own every ledger: `soleOwnership` is what a lease looks like that is wrong. */
let testing: TestDatabase;
const databases: Database[] = [];
const stores: PostgresEventStore[] = [];
let nodes: readonly [LedgerNode, LedgerNode];
const stops: Error[] = [];
let droppedCheckpoints: string[] = [];
let conflicts = 0;
/** What both clocks are ahead of the system's. */
let aheadMs = 0;

function openNode(): LedgerNode {
  const database = connect({ connectionString: testing.url, max: 6, statementTimeoutMs: 20_000 });
  const eventStore = new PostgresEventStore({ database });
  databases.push(database);
  stores.push(eventStore);
  return openLedgerNode({
    eventStore,
    checkpoints: new PostgresCheckpointStore(database, { secret: 'a pepper of a test, 32 characters' }),
    clock: { nowMs: () => Date.now() + aheadMs },
    newCommandId: randomUUID,
    observer: {
      conflict: () => (conflicts += 1),
      stopped: (_stream, reason) => stops.push(reason),
      checkpointDropped: (_stream, reason) => droppedCheckpoints.push(reason),
    },
    // So small that records are evicted, read back and written all the time.
    writer: {
      cacheRecords: 8,
      limits: { cacheKeys: 8, checkpointDirtyMax: 10, checkpointSmallTicks: 1, checkpointIntervalMs: 50 },
    },
    patienceMs: 60_000,
  });
}

beforeAll(async () => {
  testing = await testDatabase();
  nodes = [openNode(), openNode()];
});
afterEach(() => {
  expect(stops.filter((reason) => reason instanceof BrokenInvariant)).toEqual([]);
  expect(droppedCheckpoints).toEqual([]);
  stops.length = 0;
  droppedCheckpoints = [];
  aheadMs = 0;
});
afterAll(async () => {
  await Promise.all(nodes.map(({ gateway }) => gateway.close()));
  await Promise.all(stores.map((store) => store.close()));
  await Promise.all(databases.map((database) => database.close()));
  await testing.drop();
});

const open = (address: string, minBalance: string | null = null): LedgerCommand => ({
  type: 'OpenAccount',
  address,
  accountType: 'liability',
  currency: 'USD',
  minBalance,
});
const entries = (from: string, to: string, amount: number): EntryRequest[] => [
  { account: from, direction: 'debit', amount: String(amount), currency: 'USD' },
  { account: to, direction: 'credit', amount: String(amount), currency: 'USD' },
];
const post = (from: string, to: string, amount: number, more: object = {}): LedgerCommand => ({
  type: 'PostTransaction',
  entries: entries(from, to, amount),
  ...more,
});

/** Sends to one of the two, as often as it takes to learn the outcome; only with a key when that may be more than once. */
async function send(
  node: number,
  stream: string,
  command: LedgerCommand,
  idempotencyKey?: string,
): Promise<CommandOutcome> {
  const requestHash = hash('sha256', JSON.stringify(command), 'hex');
  for (;;) {
    try {
      return await (nodes[node % 2] as LedgerNode).gateway.submit({
        stream,
        organizationId: 'org_1',
        actor: 'key_1',
        correlationId: randomUUID(),
        command,
        ...(idempotencyKey === undefined ? {} : { idempotencyKey, requestHash }),
      });
    } catch (error) {
      const mayRepeat = error instanceof CommandOutcomeUnknown && idempotencyKey !== undefined;
      if (!(error instanceof WriterUnavailable) && !mayRepeat) throw error;
      await delay(20);
    }
  }
}

const isAccepted = (outcome: CommandOutcome) => outcome.kind === 'accepted';
const answerOf = (outcome: CommandOutcome): string =>
  outcome.kind === 'accepted' ? outcome.answer : `refused: ${outcome.refusal.code}`;

/** A refusal commits nothing, so a writer that is behind notices it only with its next append: let both append. */
async function catchUp(stream: string): Promise<void> {
  for (const node of [0, 1, 0]) await send(node, stream, open(`catch-up:${randomUUID()}`));
}

async function audit(stream: string): Promise<JournalAudit> {
  const journal = new JournalAudit();
  for (;;) {
    const page = await (stores[0] as PostgresEventStore).readStream(stream, {
      from: revision(journal.nextRevision),
      limit: 1_000,
    });
    for (const event of page) journal.addRecorded(event);
    if (page.length === 0) break;
  }
  journal.check();
  return journal;
}

/** What a node that begins again has, from checkpoint and tail: the answer to a dry run shows the balance. */
async function availableOf(stream: string, address: string): Promise<string> {
  const node = openNode();
  const command = post(address, 'sink', 1);
  const outcome = await node.gateway.submit({
    stream,
    organizationId: 'org_1',
    actor: 'key_1',
    correlationId: randomUUID(),
    command,
    dryRun: true,
  });
  await node.gateway.close();
  const { balances } = JSON.parse(answerOf(outcome)) as { balances: Record<string, { available: string }> };
  return String(BigInt(balances[address]?.available ?? 0) + 1n);
}

describe('two writers of one ledger, both sure that it is theirs', () => {
  it('spend an account down to its bound together: exactly what fits, and nothing is lost', async () => {
    const stream = 'journal-led_spent';
    await send(0, stream, open('spent', '-150'));
    await send(1, stream, open('sink'));
    for (let i = 0; i < 10; i += 1) await send(i, stream, open(`to:${i}`));
    await catchUp(stream);
    const outcomes = await Promise.all(
      Array.from({ length: 400 }, async (_, i) => {
        await delay(i * 2);
        return send(i, stream, post('spent', `to:${i % 10}`, 1));
      }),
    );
    expect(conflicts).toBeGreaterThan(0);
    expect(outcomes.filter(isAccepted)).toHaveLength(150);
    const journal = await audit(stream);
    expect(journal.ledger.events.filter(({ type }) => type === 'TransactionPosted')).toHaveLength(150);
  });

  it('give one key one effect, when it is sent to both at once', async () => {
    const stream = 'journal-led_keys';
    await send(0, stream, open('a'));
    await send(1, stream, open('b'));
    await catchUp(stream);
    for (let round = 0; round < 60; round += 1) {
      const command = post('a', 'b', round + 1);
      const outcomes = await Promise.all(
        [0, 1, 0, 1].map((node) => send(node, stream, command, `key-${round}`)),
      );
      expect(new Set(outcomes.map(answerOf)).size).toBe(1);
      expect(outcomes.filter((outcome) => isAccepted(outcome) && !outcome.replayed)).toHaveLength(1);
      expect(answerOf(await send(round, stream, command, `key-${round}`))).toBe(
        answerOf(outcomes[0] as CommandOutcome),
      );
    }
    expect((await audit(stream)).ledger.revision).toBe(64);
  });

  it('agree on which of two different requests has a key', async () => {
    const stream = 'journal-led_other';
    await send(0, stream, open('a'));
    await send(1, stream, open('b'));
    await catchUp(stream);
    for (let round = 0; round < 40; round += 1) {
      const outcomes = await Promise.all(
        [0, 1].map((node) => send(node, stream, post('a', 'b', node + 1), `key-${round}`)),
      );
      expect(outcomes.map(answerOf).sort()[0]).toBe('refused: idempotency_key_reused');
      expect(outcomes.filter(isAccepted)).toHaveLength(1);
    }
    expect((await audit(stream)).ledger.revision).toBe(44);
  });

  it('release a hold that expires once', async () => {
    const stream = 'journal-led_holds';
    await send(0, stream, open('a', '-1000'));
    await send(1, stream, open('sink'));
    await catchUp(stream);
    const expiresAt = new Date(Date.now() + 60_000).toISOString();
    const holds = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        send(i, stream, post('a', 'sink', 20, { pending: true, expiresAt }), `hold-${i}`),
      ),
    );
    expect(holds.filter(isAccepted)).toHaveLength(50);
    expect(answerOf(await send(0, stream, post('a', 'sink', 1)))).toBe('refused: insufficient_funds');
    aheadMs = 60_000;
    // Both see that the time has come, and act on it.
    const spent = await Promise.all(
      Array.from({ length: 20 }, (_, i) => send(i, stream, post('a', 'sink', 50), `after-${i}`)),
    );
    expect(spent.filter(isAccepted)).toHaveLength(20);
    const journal = await audit(stream);
    expect(journal.ledger.events.filter(({ type }) => type === 'HoldExpired')).toHaveLength(50);
    expect(journal.ledger.get('a:a')).toMatchObject({ postedDebits: 1_000n, pendingDebits: 0n });
  });

  it('book a random load of posts, holds, captures and retries as one would', async () => {
    const stream = 'journal-led_mixed';
    const random = seededRandom(7);
    const among = (n: number): number => Math.floor(random() * n);
    await send(0, stream, open('sink'));
    for (let i = 0; i < 20; i += 1) await send(i, stream, open(`acc:${i}`, i % 3 === 0 ? '-500' : null));
    await catchUp(stream);
    const holds: string[] = [];
    const acknowledged = new Map<string, string>();
    const client = async (number: number): Promise<void> => {
      for (let i = 0; i < 60; i += 1) {
        const key = `${number}-${i}`;
        const [from, to] = [`acc:${among(20)}`, `acc:${among(20)}`];
        const transactionId = holds[among(holds.length)] ?? 'txn_none';
        const commands: LedgerCommand[] = [
          post(from, to, among(50) + 1),
          post(from, to, among(50) + 1, { pending: true }),
          { type: 'CaptureHold', transactionId, amount: String(among(20) + 1), final: among(2) === 0 },
          { type: 'VoidHold', transactionId },
          {
            type: 'PostTransactions',
            atomic: true,
            transactions: [1, 2, 3].map((n) => ({ entries: entries(from, to, n) })),
          },
        ];
        const command = commands[among(commands.length)] as LedgerCommand;
        const twice = among(4) === 0 ? [0, 1] : [among(2)];
        const outcomes = await Promise.all(twice.map((node) => send(node, stream, command, key)));
        for (const outcome of outcomes) {
          if (outcome.kind !== 'accepted') continue;
          expect(acknowledged.get(key) ?? outcome.answer).toBe(outcome.answer);
          acknowledged.set(key, outcome.answer);
          const { id, status } = JSON.parse(outcome.answer) as { id?: string; status?: string };
          if (id !== undefined && status === 'pending') holds.push(id);
        }
      }
    };
    await Promise.all(Array.from({ length: 16 }, (_, number) => client(number)));
    const journal = await audit(stream);
    for (const key of acknowledged.keys()) expect(journal.byKey.has(key)).toBe(true);
    expect(journal.byKey.size).toBe(acknowledged.size);
    for (const address of ['acc:1', 'acc:2', 'acc:4']) {
      const account = journal.ledger.get(`a:${address}`);
      if (account?.kind !== 'account') throw new Error(`${address} is not there`);
      const available = account.postedCredits - account.postedDebits - account.pendingDebits;
      expect(await availableOf(stream, address)).toBe(String(available));
    }
  });
});
