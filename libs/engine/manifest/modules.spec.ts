import { eventType, EventList, object, text, refusal } from '@fintech-ledger/contract';
import type { DomainEvent, RecordView } from '@fintech-ledger/journal';
import type { DomainRecord } from '@fintech-ledger/journal';
import { publicEvents, unpublished } from '@fintech-ledger/shapes';
import type { AnyDomain } from './any-domain';
import type { CommandPolicy } from './command-policy';
import type { ModuleManifest } from './module-manifest';
import { Modules } from './modules';

const lost = refusal('parcel_lost', 'rule', 'The parcel is lost.');

const parcelSent = eventType({
  name: 'ParcelSent',
  description: 'A parcel is on its way.',
  schema: object<{ readonly parcelId: string }>({ parcelId: text() }),
  touches: () => [],
});
const events = new EventList({ prefix: 'parcel-' }, [parcelSent]);
const sent: DomainEvent = { type: 'ParcelSent', data: { parcelId: 'p' } };
const domain: AnyDomain = {
  events,
  reads: () => ['parcel'],
  decide: () => ({ kind: 'decided', events: [sent] }),
  evolve: () => [],
  revisionOf: () => undefined,
  recordFrom: () => undefined,
  encode: () => ({ text: '' }),
  decode: () => ({ kind: 'parcel' }),
  dueAt: () => undefined,
  answer: () => '',
};
const parcels: ModuleManifest = {
  name: 'parcels',
  imports: [],
  streams: [
    { events, domain, publicEvents: publicEvents(events, { ParcelSent: unpublished('Nobody asks.') }) },
  ],
  refusals: [lost],
  scopes: ['parcels:write'],
  projections: [],
  policies: [],
  migrations: ['0002-parcels.sql'],
  api: [() => Promise.resolve({ controllers: [], providers: [] })],
};
const without = { ...parcels, streams: [], refusals: [], scopes: [], migrations: [] };
const view: RecordView<DomainRecord> = { get: () => undefined };
const context = { now: '2026-01-01T00:00:00.000Z', organizationId: 'org_1', newId: () => 'id' };
const policy: CommandPolicy = {
  name: 'no glass',
  streamPrefix: 'parcel-',
  reads: () => ['contents'],
  judge: (_view, command) =>
    (command as { readonly of: string }).of === 'glass'
      ? { code: 'unbalanced', detail: 'Glass breaks.' }
      : undefined,
};

describe('a list of modules', () => {
  it('knows who decides about a stream, and what is in it', () => {
    const modules = new Modules([parcels]);
    expect(modules.domainOf('parcel-1')).toBe(domain);
    expect(modules.streamPrefixes).toEqual(['parcel-']);
    expect(modules.duePrefixes).toEqual([]);
    expect(modules.eventTypes).toEqual(['ParcelSent']);
    expect(() => modules.domainOf('letter-1')).toThrow('no module has the stream letter-1');
  });

  it('names each migration once, in the order of the numbers', () => {
    const letters = { ...without, name: 'letters', migrations: ['0002-parcels.sql', '0001-letters.sql'] };
    expect(new Modules([parcels, letters]).migrations).toEqual(['0001-letters.sql', '0002-parcels.sql']);
  });

  it('has what its modules need', () => {
    const needy = { ...without, name: 'letters', imports: ['parcels'] };
    expect(() => new Modules([needy])).toThrow('the module letters needs the module parcels');
    expect(new Modules([needy, parcels]).manifests).toHaveLength(2);
  });

  it.each<[string, Partial<ModuleManifest>]>([
    ['module parcels', {}],
    ['refusal parcel_lost', { name: 'letters', refusals: [lost] }],
    ['scope parcels:write', { name: 'letters', scopes: ['parcels:write'] }],
    ['prefix of streams parcel-', { name: 'letters', streams: parcels.streams }],
  ])('has one %s', (what, claim) => {
    expect(() => new Modules([parcels, { ...without, ...claim }])).toThrow(`two modules have the ${what}`);
  });
});

it('composes what all loaders of all modules give, in their order', async () => {
  class Send {}
  class Track {}
  class Letters {}
  const loader = (controller: new () => object) => () =>
    Promise.resolve({ controllers: [controller], providers: [controller] });
  const sends = { ...parcels, api: [loader(Send), loader(Track)] };
  const letters = { ...without, name: 'letters', api: [loader(Letters)] };
  const { controllers, providers } = await new Modules([sends, letters]).api();
  expect(controllers).toEqual([Send, Track, Letters]);
  expect(providers).toEqual([Send, Track, Letters]);
});

describe('a policy before a command', () => {
  const other: ModuleManifest = { ...without, name: 'safety', policies: [policy] };
  const judged = new Modules([parcels, other]).domainOf('parcel-1');

  it('refuses a command of another module, before it is decided', () => {
    expect(judged.decide(view, { of: 'glass' }, context)).toEqual({
      kind: 'refused',
      refusal: expect.objectContaining({ detail: 'Glass breaks.' }) as object,
    });
    expect(judged.decide(view, { of: 'wool' }, context)).toEqual({ kind: 'decided', events: [sent] });
  });

  it('is given the records that it reads', () => {
    expect(judged.reads({ of: 'wool' }, view)).toEqual(['parcel', 'contents']);
  });

  it('is not asked about streams of another kind', () => {
    const elsewhere = { ...other, policies: [{ ...policy, streamPrefix: 'letter-' }] };
    expect(new Modules([parcels, elsewhere]).domainOf('parcel-1')).toBe(domain);
  });
});
