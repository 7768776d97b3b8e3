import { readFileSync } from 'node:fs';
import path from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { accessModule } from '@fintech-ledger/access';
import { globalPosition, revision } from '@fintech-ledger/event-store';
import type { RecordedEvent } from '@fintech-ledger/event-store';
import { ledgerModule } from '@fintech-ledger/ledger';
import { birthOf } from '@fintech-ledger/envelope';
import { randomJournal } from '@fintech-ledger/testing';
import { eventId, placeInEventId } from './event-id';
import { PublicEventRegistry } from './public-event-registry';
import { publicEventShapes } from './public-event-shape';
import type { PublicEventView } from './public-event-shape';
import { publicSchemaText } from './public-schema-text';
import { renderEvent } from './render-event';

const registry = new PublicEventRegistry([ledgerModule, accessModule]);
const recordedAt = '2026-01-31T12:00:00.123Z';

/** An event of a journal as its golden example says it, in any version. */
function golden(source: string, example = 'v1.example'): RecordedEvent {
  const module = accessModule.streams.some(({ events }) => events.types.some(({ name }) => name === source))
    ? 'access'
    : 'ledger';
  const file = path.join(__dirname, '../../../../schemas', module, 'events', source, `${example}.json`);
  const ofOrganization = module === 'access' || /^(Ledger|Unit)/.test(source);
  return {
    id: '00000000-0000-8000-8000-000000000000',
    type: source,
    stream: ofOrganization ? 'org-org_1' : 'journal-led_1',
    revision: revision(3),
    position: globalPosition('3'),
    data: JSON.stringify(JSON.parse(readFileSync(file, 'utf8'))),
    metadata: JSON.stringify({
      $correlationId: 'req_1',
      actor: 'key_1',
      idempotencyKey: 'order-1001',
      organizationId: 'org_1',
      recordedAt,
      version: Number(/^v(\d+)/.exec(example)?.[1]),
    }),
  };
}

type Expected = readonly [type: string, object: object, more?: object];

const given = (event: RecordedEvent) => ({
  thenTold: (...expected: readonly Expected[]) => {
    const told = registry.toldBy(event.type).map(({ name }) => {
      const type = registry.types.find((one) => one.name === name);
      return type === undefined ? undefined : renderEvent(registry, event, type)?.view;
    });
    expect(told.map((view) => view?.type)).toEqual(expected.map(([type]) => type));
    for (const [at, [, object, more = {}]] of expected.entries())
      expect(told[at]).toMatchObject({ data: { object, ...more } });
  },
});

describe('what clients are told of an event of a journal', () => {
  it.each<[string, Expected]>([
    ['AccountOpened', ['account.opened', { object: 'account', status: 'open', version: 1 }]],
    ['AccountAmended', ['account.updated', { object: 'account' }]],
    ['AccountFrozen', ['account.frozen', { status: 'frozen' }, { previous_attributes: { status: 'open' } }]],
    [
      'AccountUnfrozen',
      ['account.unfrozen', { status: 'open' }, { previous_attributes: { status: 'frozen' } }],
    ],
    ['AccountClosed', ['account.closed', { status: 'closed' }]],
    [
      'AccountReopened',
      ['account.reopened', { status: 'open' }, { previous_attributes: { status: 'closed' } }],
    ],
    [
      'TransactionPosted',
      ['transaction.posted', { object: 'transaction', status: 'posted', is_hold: false }],
    ],
    ['HoldPlaced', ['hold.placed', { status: 'pending', is_hold: true, reversed_by: [] }]],
    ['HoldCaptured', ['hold.captured', { is_hold: true }]],
    ['HoldVoided', ['hold.voided', { is_hold: true }]],
    ['HoldExpired', ['hold.expired', { is_hold: true }]],
    ['TransactionReversed', ['transaction.reversed', { status: 'posted', is_hold: false }]],
    ['LedgerCreated', ['ledger.created', { object: 'ledger' }]],
    ['ApiKeyCreated', ['api_key.created', { object: 'api_key', revoked_at: null }]],
    ['ApiKeyRotated', ['api_key.rotated', { object: 'api_key', secret_version: 2, expires_at: null }]],
    ['ApiKeyRevoked', ['api_key.revoked', { object: 'api_key' }]],
  ])('%s is %j', (source, expected) => given(golden(source)).thenTold(expected));

  it.each([
    'TransactionsRefused',
    'NothingChanged',
    'UnitDeclared',
    'UnitUsed',
    'OrganizationCreated',
    'SandboxCreated',
    'SandboxOpened',
  ])('%s is nothing, for a reason', (source) => {
    given(golden(source)).thenTold();
    expect(registry.unpublished.find((one) => one.source === source)?.because).toMatch(/\.$/);
  });

  it('is the same whatever the version in which it was recorded', () => {
    given(golden('HoldCaptured', 'v2.example')).thenTold(['hold.captured', { is_hold: true }]);
    given(golden('TransactionReversed', 'v2.example')).thenTold(['transaction.reversed', { is_hold: false }]);
  });

  it('names the request, its key, who asked, and the place in its ledger', () => {
    const view = viewsOf([golden('TransactionPosted')])[0];
    expect(view).toMatchObject({
      object: 'event',
      created_at: recordedAt,
      ledger: 'led_1',
      position: 'led_1@3',
      request: { id: 'req_1', idempotency_key: 'order-1001' },
      actor: { type: 'api_key', id: 'key_1' },
    });
    expect(viewsOf([golden('LedgerCreated')])[0]).toMatchObject({ ledger: null, position: null });
    const metadata = JSON.stringify({ $correlationId: 'due:x', actor: 'system', recordedAt, version: 1 });
    expect(viewsOf([{ ...golden('HoldExpired'), metadata }])[0]).toMatchObject({
      request: { id: null, idempotency_key: null },
      actor: { type: 'system', id: null },
    });
    const ours = JSON.stringify({ ...(JSON.parse(metadata) as object), idempotencyKey: 'effect\u001fx' });
    expect(viewsOf([{ ...golden('HoldExpired'), metadata: ours }])[0]).toMatchObject({
      request: { id: null, idempotency_key: null },
    });
    const posted = golden('TransactionPosted');
    const part = JSON.stringify({
      ...(JSON.parse(posted.metadata) as object),
      idempotencyKey: 'books\u001f3',
    });
    expect(viewsOf([{ ...posted, metadata: part }])[0]).toMatchObject({
      request: { idempotency_key: 'books' },
    });
  });

  it('never has the HMAC of an API key', () => {
    const { data } = golden('ApiKeyCreated');
    const { hmac } = (JSON.parse(data) as { apiKey: { hmac: string } }).apiKey;
    expect(JSON.stringify(viewsOf([golden('ApiKeyCreated')]))).not.toContain(hmac);
  });
});

describe('the schemas of public events', () => {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  addFormats(ajv);

  it.each(registry.types.map((type) => [type.name, type] as const))('%s: its example is valid', (_, type) => {
    const validate = ajv.compile(JSON.parse(publicSchemaText(type)) as object);
    validate(type.example);
    expect(validate.errors).toBeNull();
  });

  it('hold for what a random journal tells', () => {
    const { recorded } = randomJournal({ ledgerId: 'led_1', seed: 7, commands: 600 });
    const { event } = publicEventShapes(registry.types);
    const text = JSON.stringify({ ...event.json, $defs: event.definitions });
    const validate = ajv.compile(JSON.parse(text.replaceAll('#/components/schemas/', '#/$defs/')) as object);
    const views = viewsOf(recorded);
    for (const view of views) {
      // As it is sent: the operation adds of which environment it is.
      validate({ ...view, livemode: true });
      expect([view, validate.errors]).toEqual([view, null]);
    }
    expect(new Set(views.map(({ type }) => type)).size).toBeGreaterThan(8);
  });
});

describe('the id of a public event', () => {
  it('says where the event is, and which of its public events it is', () => {
    const stream = fc.constantFrom('journal-led_1', 'org-org_1', 'journal-led_2');
    const type = fc.constantFrom(...registry.types.map(({ name }) => name));
    const ms = fc.integer({ min: 0, max: Date.UTC(2200, 0, 1) });
    const at = fc.integer({ min: 0, max: 2 ** 40 - 1 });
    fc.assert(
      fc.property(type, ms, at, stream, (name, recordedMs, place, of) => {
        const id = eventId(name, recordedMs, place, of);
        expect(id).toMatch(/^evt_[0-9A-Z]{30}$/);
        const found = placeInEventId(id);
        expect(found).toMatchObject({ timeMs: recordedMs, revision: place });
        expect(registry.typeOfMark(found?.mark ?? '')?.name).toBe(name);
      }),
    );
  });

  it('is another one for each event, and the same whenever it is told', () => {
    const journals = [3, 4].flatMap(
      (seed) => randomJournal({ ledgerId: `led_${seed}`, seed, commands: 300 }).recorded,
    );
    const ids = viewsOf(journals).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(viewsOf(journals).map(({ id }) => id)).toEqual(ids);
    // An id once given out is found for ever: this one must never come out otherwise.
    expect(eventId('transaction.posted', Date.parse(recordedAt), 3, 'journal-led_1')).toBe(
      'evt_01KG9YS7KV00000003A2C1QGE4PPCP',
    );
  });

  it('is no other text', () => {
    for (const text of [
      'evt_',
      'evt_1',
      'txn_01M8521EFW00000003DNVR7ED6Q4KC',
      'evt_01M8521EFW00000003DNVR7ED6U4KC',
    ])
      expect(
        placeInEventId(text)?.mark === undefined ||
          registry.typeOfMark(placeInEventId(text)?.mark ?? '') === undefined,
      ).toBe(true);
    expect(birthOf('txn_01M8521EFW0000000UDNVR7ED6')).toBeUndefined();
  });
});

describe('patterns of types', () => {
  it.each([
    [['transaction.posted'], ['transaction.posted']],
    [['transaction.*'], ['transaction.posted', 'transaction.reversed']],
    [
      ['api_key.*', 'ledger.created'],
      ['api_key.created', 'api_key.revoked', 'api_key.rotated', 'ledger.created'],
    ],
    [['*'], registry.types.map(({ name }) => name)],
    [['transaction'], []],
    [['payment.*'], []],
  ])('%j mean %j', (patterns, names) => expect(registry.named(patterns)).toEqual(names));
});

function viewsOf(events: readonly RecordedEvent[]): readonly PublicEventView[] {
  return events.flatMap((event) =>
    registry.toldBy(event.type).flatMap(({ name }) => {
      const type = registry.types.find((one) => one.name === name);
      const rendered = type === undefined ? undefined : renderEvent(registry, event, type);
      return rendered === undefined ? [] : [rendered.view];
    }),
  );
}
