import { accessModule } from '@fintech-ledger/access';
import { MemoryEventStore } from '@fintech-ledger/event-store';
import type { RecordedEvent } from '@fintech-ledger/event-store';
import { ledgerModule } from '@fintech-ledger/ledger';
import { Modules } from '@fintech-ledger/manifest';
import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { PersonalValues, privacyModule } from '@fintech-ledger/privacy';
import { PositionWaiter, Projector, StatementParameters } from '@fintech-ledger/projection-runtime';
import type { DecodedEvent } from '@fintech-ledger/projection-runtime';
import {
  checkpointsApart,
  JournalBuilder,
  randomJournal,
  ScriptedFeed,
  testDatabase,
} from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { PublicEventRegistry } from '../catalogue/public-event-registry';
import type { PublicEventView } from '../catalogue/public-event-shape';
import { renderEvent } from '../catalogue/render-event';
import { eventsModule } from '../events.module';
import { GetPublicEvent, GetPublicEventHandler } from '../listing/get-public-event.handler';
import { ListPublicEvents, ListPublicEventsHandler } from '../listing/list-public-events.handler';
import type { PublicEventSight } from '../listing/public-event-reader';
import { statement } from './find-events';
import { organizationKey, streamKey } from './keys';
import { postgresPublicEventQueries } from './queries';

jest.setTimeout(120_000);

const registry = new PublicEventRegistry([ledgerModule, accessModule]);
const modules = new Modules([ledgerModule, accessModule, eventsModule(registry), privacyModule]);
const organizationId = 'org_test';
const startMs = Date.parse('2026-03-01T00:00:00.000Z');
const types = registry.types.map(({ name }) => name);

/** The second one begins in the middle of the first: what is newest comes from both in turn. */
const one = randomJournal({ ledgerId: 'led_one', seed: 21, commands: 300 }).recorded;
const middle = JSON.parse(one[Math.floor(one.length / 2)]?.metadata ?? '{}') as { recordedAt: string };
const two = randomJournal({
  ledgerId: 'led_two',
  seed: 22,
  commands: 200,
  startMs: Date.parse(middle.recordedAt),
}).recorded;
const foreign = new JournalBuilder('led_foreign', 'org_other');
foreign.submit(
  { type: 'OpenAccount', address: 'cash', accountType: 'asset', currency: 'USD' } as never,
  middle.recordedAt,
);
/** What is by a clock of its own, from the minute `clockAt` on, and one ledger that nothing happened in since. */
const sandbox = 'org_sandbox';
const minuteMs = 60_000;
const inSandbox = sandboxEvents();

let testing: TestDatabase;
let db: Database;
let store: MemoryEventStore;
let projector: Projector<DecodedEvent>;
let feed: ScriptedFeed;

beforeAll(async () => {
  testing = await testDatabase();
  db = connect({ connectionString: testing.url, statementTimeoutMs: 30_000 });
  store = new MemoryEventStore();
  for (const { stream, ...event } of [...one, ...two, ...foreign.recorded, ...inSandbox])
    await store.append(stream, 'any', [event]);
  feed = new ScriptedFeed();
  const { decode, projections } = modules;
  projector = new Projector({
    db,
    feed,
    history: feed,
    decode,
    linkOf: (event) => event,
    recordedMsOf: ({ recordedMs }) => recordedMs,
    projections,
  });
  projector.start();
  // Runs end with what is projected at once.
  for (let at = 0; at < one.length; at += 37) feed.push(...one.slice(at, at + 37));
  feed.push(...foreign.recorded, ...inSandbox, ...two);
  const waiter = new PositionWaiter(db, ['public_events']);
  expect(await waiter.waitFor('journal-led_two', two.length - 1, 60_000)).toBe(true);
});
afterAll(async () => {
  await projector.stop();
  await db.close();
  await testing.drop();
});

/** What is to be found, by rendering all events. */
const all: readonly PublicEventView[] = [...one, ...two].flatMap(viewsOf);
const idsOf = (event: RecordedEvent): readonly string[] =>
  registry.types.flatMap((type) => renderEvent(registry, event, type)?.ids ?? []);

function viewsOf(event: RecordedEvent): readonly PublicEventView[] {
  return registry.types.flatMap((type) => {
    const rendered = renderEvent(registry, event, type);
    return rendered === undefined ? [] : [rendered.view];
  });
}

/** Newest first, as the read model orders them. */
function ordered(views: readonly PublicEventView[]): readonly string[] {
  const keyOf = ({ created_at, ledger, position }: PublicEventView) =>
    [Date.parse(created_at), streamKey(`journal-${ledger ?? ''}`), Number(position?.split('@')[1])] as const;
  return [...views]
    .sort((a, b) => {
      const [x, y] = [keyOf(a), keyOf(b)];
      return y[0] - x[0] || y[1] - x[1] || y[2] - x[2];
    })
    .map(({ id }) => id);
}

const sight = { reach: () => Promise.resolve() } as unknown as PublicEventSight;
const noneSealed = new PersonalValues({ select: () => Promise.resolve(new Map()) });
const queries = () => postgresPublicEventQueries(db, { waitFor: () => Promise.resolve(true) });

async function listed(
  filter: ListPublicEvents['filter'],
  limit: number,
  organizationId = 'org_test',
): Promise<readonly string[]> {
  const handler = new ListPublicEventsHandler(sight, queries(), store, registry, noneSealed);
  const ids: string[] = [];
  let cursor: string | undefined;
  for (;;) {
    const page = cursor === undefined ? { limit } : { limit, cursor };
    const { result } = await handler.execute(new ListPublicEvents({ organizationId }, filter, page));
    expect(result.data.length).toBeLessThanOrEqual(limit);
    ids.push(...result.data.map(({ id }) => id));
    if (result.next_cursor === null) return ids;
    expect(result.has_more).toBe(true);
    cursor = result.next_cursor;
  }
}

const from = Date.parse(middle.recordedAt);
const names = [one[5], one.at(-1), two[30], two.at(-3)].flatMap((event) =>
  event === undefined ? [] : idsOf(event),
);
const filters: readonly [ListPublicEvents['filter'], (view: PublicEventView) => boolean][] = [
  [{ types }, () => true],
  [{ types: registry.named(['hold.*']) }, ({ type }) => type.startsWith('hold.')],
  [{ types: ['account.frozen'] }, ({ type }) => type === 'account.frozen'],
  [{ types, stream: 'journal-led_two' }, ({ ledger }) => ledger === 'led_two'],
  [{ types, stream: 'journal-led_foreign' }, () => false],
  [{ types, fromMs: from }, ({ created_at }) => Date.parse(created_at) >= from],
  [{ types, toMs: from }, ({ created_at }) => Date.parse(created_at) < from],
  [
    { types: ['transaction.posted'], stream: 'journal-led_one', fromMs: from, toMs: from + 86_400_000 },
    ({ type, ledger, created_at }) =>
      type === 'transaction.posted' &&
      ledger === 'led_one' &&
      Date.parse(created_at) >= from &&
      Date.parse(created_at) < from + 86_400_000,
  ],
];

describe('the public events of an organization', () => {
  it.each(filters)(
    'are those that rendering all gives, newest first, in pages: %j',
    async (filter, isWanted) => {
      const wanted = ordered(all.filter(isWanted));
      for (const limit of [7, 100]) expect(await listed(filter, limit)).toEqual(wanted);
    },
  );

  it.each([undefined, 'journal-led_a', 'journal-led_idle'])(
    'of a sandbox are those that show a time in the window: %s',
    async (stream) => {
      const views = [...inSandbox]
        .reverse()
        .filter((event) => stream === undefined || event.stream === stream)
        .flatMap(viewsOf);
      const filter = { types, ...(stream !== undefined && { stream }) };
      const times = new Set(
        inSandbox
          .flatMap(viewsOf)
          .flatMap((view) => [Date.parse(view.created_at), 1 + Date.parse(view.created_at)]),
      );
      for (const fromMs of [undefined, ...times])
        for (const toMs of [undefined, ...times]) {
          const wanted = views.filter(({ created_at: at }) => {
            const ms = Date.parse(at);
            return ms >= (fromMs ?? 0) && ms < (toMs ?? Infinity);
          });
          const window = { ...(fromMs !== undefined && { fromMs }), ...(toMs !== undefined && { toMs }) };
          const found = await listed({ ...filter, ...window }, 4, sandbox);
          expect([window, found]).toEqual([window, wanted.map(({ id }) => id)]);
        }
    },
  );

  it.each(['cash', 'nobody', ...names])('are found by what they are about: %s', async (name) => {
    const wanted = [...one, ...two].filter((event) => idsOf(event).includes(name)).flatMap(viewsOf);
    expect(await listed({ types, name }, 3)).toEqual(ordered(wanted));
  });

  it('are each found by its id, by its own organization alone', async () => {
    const handler = new GetPublicEventHandler(sight, queries(), store, registry, noneSealed);
    for (const view of all.slice(0, 40)) {
      const { result } = await handler.execute(new GetPublicEvent({ organizationId }, view.id));
      expect(result).toEqual(view);
    }
    const id = foreign.recorded.flatMap(viewsOf)[0]?.id ?? '';
    expect(id).toMatch(/^evt_/);
    for (const wrong of [id, all[0]?.id.replace(/.$/, (last) => (last === '0' ? '1' : '0')) ?? '', 'evt_1'])
      await expect(handler.execute(new GetPublicEvent({ organizationId }, wrong))).rejects.toMatchObject({
        refusal: { code: 'event_not_found' },
      });
  });

  it('are found by indexes alone, however many there are', async () => {
    const [organization, key] = [organizationKey('org_large'), streamKey('journal-led_large')];
    await db.query(
      `insert into read.public_events (organization_key, type, recorded_ms, stream_key, first, last)
       select $1, case n % 9 when 0 then 'hold.placed' else 'transaction.posted' end, n / 3, $2::bigint + n % 50, n, n
         from generate_series(1, 20000) n`,
      [organization, key],
    );
    await db.query(
      `insert into read.public_event_names (organization_key, name, type, recorded_ms, stream_key, revision)
       select $1, 'account' || n % 100, 'account.updated', n, $2::bigint, n from generate_series(1, 20000) n`,
      [organization, key],
    );
    await db.query(
      `insert into read.public_event_streams (organization_key, stream_key, stream)
       select $1, $2::bigint + n, 'journal-' || n from generate_series(0, 5000) n`,
      [organization, key],
    );
    const clocked = organizationKey('org_clocked');
    await db.query(
      `insert into read.public_events (organization_key, type, recorded_ms, created_ms, stream_key, first, last)
       select $1, 'hold.placed', n, 100000 + n, $2::bigint + n % 5, n, n from generate_series(1, 20000) n`,
      [clocked, key],
    );
    await db.query(
      `insert into read.public_event_streams (organization_key, stream_key, stream)
       select $1, $2::bigint + n, 'journal-' || n from generate_series(0, 4) n`,
      [clocked, key],
    );
    await db.query('analyze read.public_events, read.public_event_names, read.public_event_streams');
    const p = new StatementParameters();
    const window = { types: ['hold.placed'], fromMs: 112_000, toMs: 112_005 };
    const text = statement(p, 'org_clocked', window, 20);
    const { rows: read } = await db.query<{ 'QUERY PLAN': string }>(`explain analyze ${text}`, p.values);
    const analyzed = read.map((row) => row['QUERY PLAN']).join('\n');
    expect(analyzed).not.toMatch(/Seq Scan on|Removed by Filter: \d{2,}/);
    const after = { recordedMs: 5_000, streamKey: key, revision: 15_000, type: 'hold.placed' };
    for (const filter of [
      { types },
      { types, after },
      { types: ['hold.placed'], fromMs: 100, after },
      { types, fromMs: 100, toMs: 200 },
      { types, stream: 'journal-led_large', fromMs: 100, toMs: 200 },
      { types, name: 'account7', fromMs: 100, toMs: 200 },
      { types, stream: 'journal-led_large', after },
      { types, name: 'account7', after },
      { types, name: 'txn_01M8521EFW00000003DNVR7ED6' },
    ]) {
      const p = new StatementParameters();
      const text = statement(p, 'org_large', filter, 20);
      const { rows } = await db.query<{ 'QUERY PLAN': string }>(`explain ${text}`, p.values);
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
      expect(plan).toMatch(/Index (?:Only )?Scan/);
      // All streams of the organization are looked at where it has a clock.
      expect([filter, plan]).toEqual([
        filter,
        expect.not.stringMatching(/Seq Scan on (?!public_event_streams s_1)/),
      ]);
    }
  });

  it('are the same when the read model is built again, in other batches', async () => {
    const before = await listed({ types }, 100);
    await projector.stop();
    await db.query(`update read.projections set version = 0 where name = 'public_events'`);
    await db.query(checkpointsApart);
    await db.query(`delete from read.checkpoint_rows where projection = 'public_events'`);
    await db.query(`delete from read.public_event_streams where organization_key = $1`, [
      organizationKey('org_large'),
    ]);
    const again = new ScriptedFeed();
    projector = new Projector({
      db,
      feed: again,
      history: again,
      decode: modules.decode,
      linkOf: (event) => event,
      recordedMsOf: ({ recordedMs }) => recordedMs,
      projections: modules.projections,
    });
    projector.start();
    for (let at = 0; at < two.length; at += 11) again.push(...two.slice(at, at + 11));
    again.push(...one, ...inSandbox, ...foreign.recorded);
    const waiter = new PositionWaiter(db, ['public_events']);
    expect(await waiter.waitFor('journal-led_foreign', 0, 60_000)).toBe(true);
    expect(await listed({ types }, 100)).toEqual(before);
  });

  it('lack nothing that other read models have, or say so', async () => {
    await db.query(
      `insert into read.organizations (id, name, created_ms) values ($1, 'x', 0) on conflict do nothing`,
      [organizationId],
    );
    await db.query(
      `insert into read.ledgers (id, organization_id, revision, name, created_ms)
       values ('led_two', $1, 1, 'x', 0), ('led_one', $1, 2, 'x', 0)`,
      [organizationId],
    );
    expect(await queries().standing(organizationId)).toEqual({ behind: [], halted: undefined });
    await db.query(checkpointsApart);
    await db.query(
      `update read.checkpoint_rows set revision = 3 where projection = 'public_events' and stream = 'journal-led_two'`,
    );
    expect(await queries().standing(organizationId)).toEqual({
      behind: [{ stream: 'journal-led_two', revision: two.length - 1 }],
      halted: undefined,
    });
    expect(await queries().standing('org_other')).toEqual({ behind: [], halted: undefined });
  });
});

/** In the order in which they were recorded. */
function sandboxEvents(): readonly RecordedEvent[] {
  const ledgers = ['led_a', 'led_b', 'led_idle'].map((ledger) => new JournalBuilder(ledger, sandbox));
  const [a, b, idle] = ledgers as [JournalBuilder, JournalBuilder, JournalBuilder];
  const events: RecordedEvent[] = [];
  const open = (journal: JournalBuilder, recorded: number, now = recorded): void => {
    const address = `account:${events.length}`;
    const [recordedAt, decidedAt] = [recorded, now].map((minute) =>
      new Date(startMs + minute * minuteMs).toISOString(),
    ) as [string, string];
    const command = { type: 'OpenAccount', address, accountType: 'asset', currency: 'USD' } as const;
    events.push(...(journal.submit(command, recordedAt, decidedAt) as readonly RecordedEvent[]));
  };
  for (const [minute, journal] of [idle, a, idle, a].entries()) open(journal, minute);
  // Frozen in a month, advanced, and let go again. While it is advanced, one ledger is ahead of the other one.
  for (const [recorded, now] of [
    ...[
      [4, 40_000],
      [5, 40_000],
      [6, 40_001],
      [6, 40_002],
      [6, 40_100],
    ],
    ...[
      [20, 40_200],
      [21, 40_201],
    ],
  ] as const)
    open(a, recorded, now);
  open(b, 22, 40_150);
  open(b, 23, 40_200);
  open(a, 24, 40_204);
  open(b, 25, 40_205);
  return events;
}
