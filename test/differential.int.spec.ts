import { organizationOfSandbox } from '@fintech-ledger/access/domain';
import type { AccessCommand } from '@fintech-ledger/access/domain';
import { organizationStream } from '@fintech-ledger/envelope';
import type { DirectoryCommand } from '@fintech-ledger/ledger/domain';
import type { TrialBalanceView } from '@fintech-ledger/ledger';
import { revision } from '@fintech-ledger/event-store';
import type { RecordedEvent } from '@fintech-ledger/event-store';
import type { CommandEnvelope } from '@fintech-ledger/journal';
import { PositionWaiter } from '@fintech-ledger/projection-runtime';
import { organizationProjections } from '@fintech-ledger/access';
import { ledgerProjections, postgresLedgerQueries } from '@fintech-ledger/ledger';
import { startEventStoreDbServer, testDatabase, testKafka } from '@fintech-ledger/testing';
import { auditLogName, auditStreams, merkleLogName } from '@fintech-ledger/audit';
import { ledgerTransfersProjectionName } from '@fintech-ledger/ledger-transfers';
import { ledgerTransferEvents } from '@fintech-ledger/ledger-transfers/domain';
import { bankProjectionName } from '@fintech-ledger/bank';
import { bankEvents } from '@fintech-ledger/bank/domain';
import { connectProjectionName } from '@fintech-ledger/connect';
import { connectEvents } from '@fintech-ledger/connect/domain';
import { fxProjectionName } from '@fintech-ledger/fx';
import { fxEvents } from '@fintech-ledger/fx/domain';
import { splitRulesProjectionName } from '@fintech-ledger/splits';
import { splitEvents } from '@fintech-ledger/splits/domain';
import { customersProjectionName } from '@fintech-ledger/customers';
import { customerEvents } from '@fintech-ledger/customers/domain';
import { paymentsProjectionName } from '@fintech-ledger/payments';
import { dataSubjectsName, erasuresName } from '@fintech-ledger/privacy';
import { dataSubjectEvents } from '@fintech-ledger/privacy/domain';
import { paymentEvents } from '@fintech-ledger/payments/domain';
import type { WebhookCommand } from '@fintech-ledger/webhooks/domain';
import process from 'node:process';
import { isDeepStrictEqual } from 'node:util';
import { modules } from '../apps/modules';
import { openDistributed } from './support/differential/distributed-product';
import { openEmbedded } from './support/differential/embedded-product';
import { closeAll } from './support/differential/product';
import type { Product } from './support/differential/product';
import { RandomClient } from './support/differential/random-client';
import {
  differingRows,
  digestOf,
  emptyTables,
  existingTables,
  readModelTables,
} from './support/differential/read-model-rows';
import { seedOf } from '../libs/testing/seed';

const seed = seedOf('DIFFERENTIAL_SEED');
const commands = Number(process.env['DIFFERENTIAL_COMMANDS'] ?? 20_000);
const commandsPerLedger = 1_000;
jest.setTimeout(300_000 + commands * 10);

/** Ledgers that are at work at once. */
const concurrency = 24;
const catchUpMs = 120_000;

const organizationId = 'org_differential';
const organization = organizationStream(organizationId);

describe(`${commands} random commands through the embedded and the distributed product (seed ${seed})`, () => {
  const closers: (() => Promise<unknown>)[] = [];
  const nowMs = new Map<string, number>();
  /** The last revision of each stream. */
  const tips = new Map<string, number>();
  const clients: RandomClient[] = [];
  const counts = { sent: 0, accepted: 0, refused: 0, replayed: 0 };
  let sandbox = '';
  let embedded: Product;
  let distributed: Product;

  beforeAll(async () => {
    console.info(`differential: DIFFERENTIAL_SEED=${seed} DIFFERENTIAL_COMMANDS=${commands}`);
    const [one, other, server, kafka] = await Promise.all([
      testDatabase(),
      testDatabase(),
      startEventStoreDbServer(),
      testKafka(),
    ]);
    closers.push(
      () => one.drop(),
      () => other.drop(),
      () => server.close(),
    );
    embedded = await openEmbedded(one.url, nowMs);
    closers.push(() => embedded.close());
    const { brokers } = kafka;
    const options = { databaseUrl: other.url, eventStoreUrl: server.url, brokers, topic: kafka.newName() };
    distributed = await openDistributed({ ...options, nowMs });
    closers.push(() => distributed.close());
  });
  afterAll(() => closeAll(closers));

  /** Sends to both at once and holds their answers against each other, byte for byte. */
  async function send(envelopes: readonly CommandEnvelope[]): Promise<readonly string[]> {
    const stream = envelopes[0]?.stream ?? '';
    const [first, second] = await Promise.all([embedded.submit(envelopes), distributed.submit(envelopes)]);
    return first.map((outcome, i) => {
      if (!isDeepStrictEqual(outcome, second[i])) {
        throw new Error(
          `${JSON.stringify(envelopes[i])}\nembedded: ${JSON.stringify(outcome)}\ndistributed: ${JSON.stringify(second[i])}`,
        );
      }
      counts.sent += 1;
      if (outcome.kind === 'refused') counts.refused += 1;
      else if (outcome.replayed) counts.replayed += 1;
      else counts.accepted += 1;
      if (outcome.kind === 'accepted') tips.set(stream, Math.max(outcome.revision, tips.get(stream) ?? -1));
      return outcome.kind === 'accepted' ? outcome.answer : '';
    });
  }

  async function administer(
    command: AccessCommand | DirectoryCommand | WebhookCommand,
    of = organizationId,
  ): Promise<{ readonly id: string }> {
    const stream = organizationStream(of);
    nowMs.set(stream, (nowMs.get(stream) ?? Date.UTC(2026, 0, 1)) + 1_000);
    const asked = { stream, organizationId: of, actor: 'system', correlationId: command.type };
    const [answer = ''] = await send([{ ...asked, command }]);
    return JSON.parse(answer || '{}') as { id: string };
  }

  /** All that may happen to an endpoint; one of two is left. */
  async function administerEndpoints(): Promise<void> {
    const settings = {
      description: null,
      eventTypes: ['transaction.*'],
      headerNames: [],
      headersRef: null,
      ordering: 'none',
      url: 'https://shop.example/webhooks',
    } as const;
    const { id: endpointId } = await administer({ type: 'CreateWebhookEndpoint', ...settings });
    await administer({ type: 'ChangeWebhookEndpoint', endpointId, description: 'Shop' });
    await administer({ type: 'RotateWebhookSecret', endpointId, overlapSeconds: 60 });
    await administer({ type: 'DisableWebhookEndpoint', endpointId, because: 'failing' });
    await administer({ type: 'EnableWebhookEndpoint', endpointId, skipBacklog: true });
    const { id } = await administer({ type: 'CreateWebhookEndpoint', ...settings, ordering: 'strict' });
    await administer({ type: 'DeleteWebhookEndpoint', endpointId: id });
  }

  /** Everything that is stored of a stream beyond what was read before. */
  async function readOn(client: RandomClient, product: Product): Promise<RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    for (;;) {
      const from = revision(client.audit.nextRevision + events.length);
      const page = await product.store.readStream(client.stream, { from, limit: 2_000 });
      if (page.length === 0) return events;
      events.push(...page);
    }
  }

  async function drive(client: RandomClient): Promise<void> {
    for (let group = client.next(); group.length > 0; group = client.next()) {
      nowMs.set(client.stream, client.nowMs);
      await send(group);
      for (const event of await readOn(client, embedded)) client.audit.addRecorded(event);
      client.excuse(group);
    }
    client.audit.check();
  }

  it('gives every command the same answer', async () => {
    await administer({ type: 'CreateOrganization', name: 'Both' });
    const { id: sandboxId } = await administer({ type: 'CreateSandbox', name: 'Both' });
    sandbox = organizationStream(organizationOfSandbox(sandboxId));
    const opened = { type: 'OpenSandbox', sandboxId, parentId: organizationId, name: 'Both' } as const;
    await administer(opened, organizationOfSandbox(sandboxId));
    await administerEndpoints();
    await administer({ type: 'DeclareUnit', code: 'POINTS', exponent: 0, name: 'Points' });
    await administer({ type: 'UseUnit', code: 'POINTS' });
    const apiKey = { apiKeyId: 'key_1', hmac: 'f'.repeat(64), last4: 'last', name: 'k', scopes: ['*'] };
    await administer({ type: 'CreateApiKey', ...apiKey });
    const secret = { hmac: 'e'.repeat(64), last4: 'next', overlapSeconds: 60 };
    await administer({ type: 'RotateApiKey', apiKeyId: 'key_1', ...secret });
    await administer({ type: 'RevokeApiKey', apiKeyId: 'key_1' });
    const ledgers = Math.max(1, Math.round(commands / commandsPerLedger));
    for (let n = 1; n <= ledgers; n += 1) {
      const metadata = { n: String(n) };
      const { id } = await administer({ type: 'CreateLedger', name: `Ledger ${n}`, metadata });
      clients.push(new RandomClient(id, organizationId, seed * 1_000 + n, Math.round(commands / ledgers)));
    }
    const waiting = [...clients];
    const worker = async (): Promise<void> => {
      for (let client = waiting.pop(); client; client = waiting.pop()) await drive(client);
    };
    await Promise.all(Array.from({ length: concurrency }, worker));
    const events = clients.reduce((sum, { audit }) => sum + audit.nextRevision, 0);
    console.info(`differential: ${JSON.stringify({ ...counts, ledgers, events })}`);
    expect(counts.sent).toBeGreaterThanOrEqual(commands);
    expect(counts.accepted).toBeGreaterThan(commands / 2);
    expect(counts.refused).toBeGreaterThan(commands / 50);
    expect(counts.replayed).toBeGreaterThan(commands / 100);
  });

  it('leaves the same events, byte for byte, with the same hashes', async () => {
    const types = new Set<string>();
    for (const stream of [organization, sandbox, ...clients.map((client) => client.stream)]) {
      for (let from = 0, isMore = true; isMore;) {
        const read = ({ store }: Product) => store.readStream(stream, { from: revision(from), limit: 2_000 });
        const [one, other] = await Promise.all([read(embedded), read(distributed)]);
        const length = Math.min(one.length, other.length);
        isMore = length > 0;
        // A page's length is the store's own affair.
        if (!isMore) expect([stream, one.length, other.length]).toEqual([stream, 0, 0]);
        for (let i = 0; i < length; i += 1) {
          types.add(one[i]?.type ?? '');
          if (textOf(one[i]) !== textOf(other[i])) expect(textOf(other[i])).toBe(textOf(one[i]));
        }
        from += length;
      }
    }
    // Nothing that can happen was left out, but for what only a bulk larger than one append leaves, and none is here (see submit-in-parts.spec.ts).
    // Those of payments are in payments.int.spec.ts, those of customers in customers.int.spec.ts, those of
    // bank accounts in bank-transfers.int.spec.ts, those of
    // connected accounts in connected-accounts.int.spec.ts, those of money between currencies in fx.int.spec.ts, those of split rules in
    // split-rules.int.spec.ts, those of transfers between ledgers in ledger-transfers.int.spec.ts, those of a sandbox's clock in sandbox-clock.int.spec.ts,
    // those of data subjects in data-subjects.int.spec.ts, and refused attempts, which come by HTTP, in audit-log.int.spec.ts.
    const ofModules: readonly string[] = [
      ...paymentEvents.names,
      ...connectEvents.names,
      ...fxEvents.names,
      ...splitEvents.names,
      ...bankEvents.names,
      ...customerEvents.names,
      ...ledgerTransferEvents.names,
      ...dataSubjectEvents.names,
      ...auditStreams.flatMap(({ events }) => events.names),
    ];
    const isElsewhere = (type: string): boolean => type.startsWith('Clock') || ofModules.includes(type);
    const elsewhere = new Set([
      'TransactionsRefused',
      'NothingChanged',
      // Of a file that has what was booked beyond the terms of an account: ledger-transfers.int.spec.ts.
      'TransactionImported',
      ...modules.eventTypes.filter(isElsewhere),
    ]);
    expect(types).toEqual(new Set(modules.eventTypes.filter((type) => !elsewhere.has(type))));
  });

  it('gives the same trial balances, which balance, once the read models have everything', async () => {
    for (const { database } of [embedded, distributed]) {
      for (const [stream, last] of tips) {
        const names = clients.some((client) => client.stream === stream)
          ? [
              ...ledgerProjections,
              merkleLogName,
              paymentsProjectionName,
              ledgerTransfersProjectionName,
              connectProjectionName,
              fxProjectionName,
              splitRulesProjectionName,
              bankProjectionName,
              customersProjectionName,
              erasuresName,
              auditLogName,
            ]
          : [...organizationProjections, erasuresName, dataSubjectsName, auditLogName];
        const isReached = await new PositionWaiter(database, names).waitFor(stream, last, catchUpMs);
        expect([stream, isReached]).toEqual([stream, true]);
      }
    }
    for (const { stream, audit } of clients) {
      const [one, other] = await Promise.all(
        [embedded, distributed].map((product) => trial(product, stream)),
      );
      expect(other).toEqual(one);
      expect(one?.at(-1)).toMatchObject({ balanced: true });
      const accounts = [...audit.ledger.records.values()].filter(({ kind }) => kind === 'account');
      expect(one?.flatMap(({ data }) => data)).toHaveLength(accounts.length);
    }
  });

  it('leaves the same rows in every table of the read models', async () => {
    expect(Object.keys(readModelTables).sort()).toEqual(await existingTables(embedded.database));
    for (const table of Object.keys(readModelTables)) {
      const [one, other] = await Promise.all(
        [embedded, distributed].map(({ database }) => digestOf(database, table)),
      );
      if (!isDeepStrictEqual(one, other)) {
        const rows = await differingRows(embedded.database, distributed.database, table);
        throw new Error(`read.${table} differs: ${JSON.stringify([one, other])}\n${rows.join('\n')}`);
      }
      expect([table, one?.rows === 0]).toEqual([table, emptyTables.includes(table)]);
    }
  });

  async function trial({ database }: Product, stream: string): Promise<readonly TrialBalanceView[]> {
    const queries = postgresLedgerQueries(database, new PositionWaiter(database, ledgerProjections));
    const ledgerId = stream.slice('journal-'.length);
    const pages: TrialBalanceView[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = { limit: 100, ...(cursor === undefined ? {} : { cursor }) };
      const { result } = await queries.trialBalance(ledgerId, undefined, page);
      pages.push(result);
      cursor = result.next_cursor;
    }
    return pages;
  }
});

/** All that a store keeps of an event, but its place among the events of other streams: that is the store's own. */
function textOf(event: RecordedEvent | undefined): string {
  if (event === undefined) return 'nothing';
  const { stream, revision: at, id, type, data, metadata } = event;
  return `${stream}@${at} ${id} ${type}\n${data}\n${metadata}`;
}
