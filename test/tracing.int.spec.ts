import { metadataText } from '@fintech-ledger/envelope';
import { revision as asRevision } from '@fintech-ledger/event-store';
import { recordSpans } from '@fintech-ledger/telemetry';
import type { RecordedSpan, SpanRecording } from '@fintech-ledger/telemetry';
import type { Database } from '@fintech-ledger/postgres';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { startParts } from './support/parts-in-process';
import type { PartsInProcess } from './support/parts-in-process';
import { spanTree, untilSpan } from './support/span-tree';
import { documentedFetch } from './support/documented-fetch';

jest.setTimeout(120_000);

interface Answer {
  readonly status: number;
  readonly body: { readonly id: string; readonly position: string };
}

/** What a client sends along: the place in its own trace. */
function clientPlace(flags = '01'): { traceId: string; spanId: string; traceparent: string } {
  const traceId = randomBytes(16).toString('hex');
  const spanId = randomBytes(8).toString('hex');
  return { traceId, spanId, traceparent: `00-${traceId}-${spanId}-${flags}` };
}

describe.each(['distributed', 'embedded'] as const)('a trace through the %s product', (mode) => {
  let recording: SpanRecording;
  let parts: PartsInProcess;
  let ledger = '';
  let treeOfPost: readonly string[];

  const spans = (): readonly RecordedSpan[] => recording.spans();
  const consumerOf = (traceId: string): Promise<RecordedSpan> =>
    untilSpan(spans, (span) => span.kind === 'consumer' && span.traceId === traceId);

  async function send(
    path: string,
    body?: object,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const answer = await documentedFetch(`${parts.url}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        authorization: `Bearer ${parts.apiKey}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as Answer['body'] };
  }

  const transfer = (amount: string) => ({
    debit_account: 'cash:acme',
    credit_account: 'sales:acme',
    amount,
    currency: 'USD',
  });
  const post = (headers: Readonly<Record<string, string>> = {}, amount = '7654321'): Promise<Answer> =>
    send(`/v1/ledgers/${ledger}/transfers`, transfer(amount), headers);

  /** Until the read models have all that was posted: what is on its way would be caught up with too. */
  async function untilProjected(): Promise<void> {
    const { traceId, traceparent } = clientPlace();
    await post({ traceparent });
    await consumerOf(traceId);
  }

  async function metadataAt(position: string): Promise<string> {
    const revision = Number(position.split('@')[1]);
    const [event] = await parts.store.readStream(`journal-${ledger}`, {
      from: asRevision(revision),
      limit: 1,
    });
    return event?.metadata ?? '';
  }

  beforeAll(async () => {
    recording = await recordSpans();
    parts = await startParts(mode);
    ledger = (await send('/v1/ledgers', { name: 'Books' })).body.id;
    for (const address of ['cash:acme', 'sales:acme']) {
      const account = { address, type: 'asset', currency: 'USD' };
      expect(await send(`/v1/ledgers/${ledger}/accounts`, account)).toMatchObject({ status: 201 });
    }
    treeOfPost = [
      'server POST /v1/ledgers/{ledger}/transfers',
      ...(mode === 'distributed'
        ? [
            '  client forward command',
            '    server receive command',
            '      internal PostTransaction',
            '        client append',
            `        producer send ${parts.feedName}`,
            `          consumer process ${parts.feedName}`,
          ]
        : ['  internal PostTransaction', '    client append', `    consumer process ${parts.feedName}`]),
    ];
  });
  afterAll(async () => {
    await parts?.close();
    await recording.stop();
  });

  it('goes from the request to the read models, below the span of the client', async () => {
    const { traceId, spanId, traceparent } = clientPlace();
    const headers = { traceparent, tracestate: 'vendor=opaque', 'idempotency-key': 'key-of-the-client' };
    const { status, body } = await post(headers);
    expect(status).toBe(201);
    const consumer = await consumerOf(traceId);
    expect(spanTree(spans(), traceId, spanId)).toEqual(treeOfPost);

    const command = spans().find((span) => span.traceId === traceId && span.kind === 'internal');
    const stored = metadataText(await metadataAt(body.position), 'traceparent');
    expect(stored).toBe(`00-${traceId}-${command?.spanId}-01`);
    expect(command).toMatchObject({ tracestate: 'vendor=opaque', isError: false });
    expect(command?.attributes).toMatchObject({
      'ledger.command.type': 'PostTransaction',
      'ledger.outcome': 'accepted',
      'ledger.stream': `journal-${ledger}`,
      'ledger.revision': 2,
    });
    expect(consumer.attributes).toMatchObject({
      'messaging.destination.name': parts.feedName,
      'messaging.operation.type': 'process',
      'ledger.event.type': 'TransactionPosted',
      'ledger.revision': 2,
    });
    // What it holds says where and what kind, and nothing of what was written.
    const all = JSON.stringify(spans().filter((span) => span.traceId === traceId));
    for (const secret of ['7654321', 'acme', 'key-of-the-client', parts.apiKey])
      expect(all).not.toContain(secret);
  });

  it('begins here when the client sends none, or none that can be read', async () => {
    for (const headers of [{}, { traceparent: 'nonsense' }]) {
      recording.clear();
      await post(headers);
      const root = await untilSpan(
        spans,
        ({ kind, name }) => kind === 'server' && name.includes('transfers'),
      );
      expect(root.parentSpanId).toBeUndefined();
      expect(root.attributes).toMatchObject({
        'http.request.method': 'POST',
        'http.route': '/v1/ledgers/{ledger}/transfers',
        'http.response.status_code': 201,
        'ledger.id': ledger,
      });
      await consumerOf(root.traceId);
      expect(spanTree(spans(), root.traceId, undefined)).toEqual(treeOfPost);
    }
  });

  it('leaves no spans where the client does not sample, and keeps what it sent', async () => {
    recording.clear();
    const place = clientPlace('00');
    const { body } = await post({ traceparent: place.traceparent });
    expect(metadataText(await metadataAt(body.position), 'traceparent')).toBe(place.traceparent);
    const later = clientPlace();
    await post({ traceparent: later.traceparent });
    await consumerOf(later.traceId);
    expect(spans().filter(({ traceId }) => traceId === place.traceId)).toEqual([]);
  });

  it('tells commands apart that share an append', async () => {
    const places = Array.from({ length: 30 }, () => clientPlace());
    await Promise.all(places.map(({ traceparent }) => post({ traceparent }, '1')));
    for (const { traceId, spanId } of places) {
      await consumerOf(traceId);
      expect(spanTree(spans(), traceId, spanId)).toEqual(treeOfPost);
    }
  });

  it('has one span for all events of a command', async () => {
    const { traceId, traceparent } = clientPlace();
    const transactions = Array.from({ length: 40 }, () => ({
      entries: [
        { account: 'cash:acme', direction: 'credit', amount: '1', currency: 'USD' },
        { account: 'sales:acme', direction: 'debit', amount: '1', currency: 'USD' },
      ],
    }));
    const { status } = await send(
      `/v1/ledgers/${ledger}/transactions/bulk`,
      { transactions, atomic: true },
      { traceparent },
    );
    expect(status).toBe(201);
    await consumerOf(traceId);
    const messages = spans()
      .filter((span) => span.traceId === traceId && ['producer', 'consumer'].includes(span.kind))
      .map(({ attributes }) => attributes['messaging.batch.message_count']);
    expect(messages).toEqual(mode === 'distributed' ? [40, 40] : [40]);
  });

  it('has spans for the first hundred commands of a request, and keeps the trace of all', async () => {
    const { traceId, traceparent } = clientPlace();
    const [source, target] = ['cash:acme', 'sales:acme'];
    const line = JSON.stringify({
      entries: [
        { account: source, direction: 'credit', amount: '1', currency: 'USD' },
        { account: target, direction: 'debit', amount: '1', currency: 'USD' },
      ],
    });
    const answer = await documentedFetch(`${parts.url}/v1/ledgers/${ledger}/transactions/bulk`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${parts.apiKey}`,
        'content-type': 'application/x-ndjson',
        traceparent,
      },
      body: `${line}\n`.repeat(130),
    });
    const results = (await answer.text()).trim().split('\n');
    expect(results).toHaveLength(130);
    await consumerOf(traceId);
    const commands = spans().filter((span) => span.traceId === traceId && span.name === 'PostTransaction');
    expect(commands).toHaveLength(100);
    for (const result of results) {
      const { position } = JSON.parse(result) as Answer['body'];
      expect(metadataText(await metadataAt(position), 'traceparent')).toContain(traceId);
    }
  });

  it('says how a command ended', async () => {
    const refused = clientPlace();
    const missing = { ...transfer('5'), debit_account: 'nobody' };
    await send(`/v1/ledgers/${ledger}/transfers`, missing, { traceparent: refused.traceparent });
    const once = { 'idempotency-key': 'once' };
    await post(once, '9');
    const replayed = clientPlace();
    await post({ ...once, traceparent: replayed.traceparent }, '9');
    for (const [{ traceId }, outcome] of [
      [refused, 'unknown_account'],
      [replayed, 'replayed'],
    ] as const) {
      const command = await untilSpan(spans, (span) => span.traceId === traceId && span.kind === 'internal');
      expect(command).toMatchObject({ isError: false, attributes: { 'ledger.outcome': outcome } });
    }
  });

  it('has a query as one span, without the account that it asks for', async () => {
    const { traceId, spanId, traceparent } = clientPlace();
    await send(`/v1/ledgers/${ledger}/accounts/cash:acme/balance`, undefined, { traceparent });
    const span = await untilSpan(spans, (one) => one.traceId === traceId);
    expect(spanTree(spans(), traceId, spanId)).toEqual([
      'server GET /v1/ledgers/{ledger}/accounts/{address}/balance',
    ]);
    expect(JSON.stringify(span)).not.toContain('acme');
  });

  it('is linked, and not gone on with, when a projector catches up', async () => {
    await untilProjected();
    await parts.stopProjector();
    const { traceId, traceparent } = clientPlace();
    await post({ traceparent });
    await untilSpan(
      spans,
      (span) =>
        span.traceId === traceId && span.name === (mode === 'embedded' ? 'append' : `send ${parts.feedName}`),
    );
    recording.clear();
    parts.startProjector();
    const replay = await untilSpan(spans, ({ kind }) => kind === 'consumer');
    expect(replay).toMatchObject({ parentSpanId: undefined, attributes: { 'ledger.replay': true } });
    expect(replay.traceId).not.toBe(traceId);
    expect(replay.links.map((link) => link.traceId)).toEqual([traceId]);
  });

  it('is linked when read models are rebuilt', async () => {
    await parts.stopProjector();
    // As a new version of a projection does.
    await parts.database.query('update read.projections set version = 0');
    recording.clear();
    parts.startProjector();
    await untilRebuilt(parts.database);
    const { traceId, spanId, traceparent } = clientPlace();
    const { body } = await post({ traceparent });
    const live = await consumerOf(traceId);
    expect(spanTree(spans(), traceId, spanId)).toEqual(treeOfPost);
    const replays = spans().filter(({ kind, spanId: id }) => kind === 'consumer' && id !== live.spanId);
    expect(replays.length).toBeGreaterThan(0);
    const count = replays.reduce((sum, { links }) => sum + links.length, 0);
    expect(count).toBeGreaterThan(30);
    for (const { parentSpanId, links, traceId: own } of replays) {
      expect(parentSpanId).toBeUndefined();
      expect(links.map((link) => link.traceId)).not.toContain(own);
    }
    // They are all there again: 40 of the bulk, and those of the other tests.
    expect(Number(body.position.split('@')[1])).toBeGreaterThan(70);
  });

  if (mode === 'embedded') return;

  it('is linked when the relay sends again', async () => {
    await parts.stopRelay();
    await parts.stopProjector();
    const { traceId, traceparent } = clientPlace();
    await post({ traceparent });
    recording.clear();
    parts.startRelay();
    const resent = await untilSpan(spans, ({ name }) => name === `send ${parts.feedName}`);
    expect(resent).toMatchObject({
      kind: 'client',
      parentSpanId: undefined,
      attributes: { 'ledger.replay': true },
    });
    expect(resent.links.map((link) => link.traceId)).toEqual([traceId]);
  });
});

/** All read models are of the version of now. */
async function untilRebuilt(database: Database): Promise<void> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(50)) {
    const { rows } = await database.query('select from read.projections where version = 0');
    if (rows.length === 0) return;
  }
  throw new Error('the read models were not rebuilt in time');
}
