import { readFileSync } from 'node:fs';
import path from 'node:path';
import { olderParcelEvents, parcelEvents } from '../../testing/parcels/parcel-events';
import { EventList } from './event-list';
import { EventRegistry, schemaText } from './event-registry';
import { eventType, nextVersion } from './event-type';
import { time } from './common-shapes';
import { exactly, object, orNull, text, textOrNull } from './schema';

const folder = path.join(__dirname, '../../testing/parcels/golden');
const golden = (name: string): unknown => JSON.parse(readFileSync(path.join(folder, name), 'utf8'));
const registry = new EventRegistry([{ module: 'parcels', events: parcelEvents }]);

describe('an event type of two versions', () => {
  it.each([...registry.versions()].map((version) => [version.version, version] as const))(
    'has the schema of version %i that it has always had',
    (version, event) => {
      expect(JSON.parse(schemaText(event))).toEqual(golden(`ParcelSent-v${version}.json`));
    },
  );

  it('reads both as the newer one', () => {
    const read = (version: number) =>
      parcelEvents.read('ParcelSent', version, golden(`ParcelSent-v${version}.example.json`) as object);
    expect(read(1)).toEqual({
      type: 'ParcelSent',
      data: { grams: 2_000, parcelId: 'a', service: 'standard' },
    });
    expect(read(2)).toEqual({ type: 'ParcelSent', data: golden('ParcelSent-v2.example.json') });
  });

  it('says of each version what its data always have', () => {
    expect(parcelEvents.readableVersion('ParcelSent', 1)).toMatchObject({
      present: ['kilograms', 'parcelId'],
    });
    expect(parcelEvents.readableVersion('ParcelSent', 2)).toMatchObject({
      present: ['grams', 'parcelId', 'service'],
      upcast: undefined,
    });
  });

  it('goes through every version in between', () => {
    const schema = object<{ readonly steps: string }>({ steps: text() });
    const touches = (): readonly string[] => [];
    const first = eventType({ name: 'Walked', description: '', schema, touches });
    const step = (name: string) => ({
      description: '',
      schema,
      touches,
      upcast: ({ steps }: { readonly steps: string }) => ({ steps: steps + name }),
    });
    const list = new EventList({ prefix: 'walks-' }, [nextVersion(nextVersion(first, step('2')), step('3'))]);
    expect([1, 2, 3].map((version) => list.read('Walked', version, { steps: '' }))).toEqual(
      ['23', '3', ''].map((steps) => ({ type: 'Walked', data: { steps } })),
    );
    expect(list.versionOf('Walked')).toBe(3);
  });
});

describe('what is not known', () => {
  it.each<[string, string, unknown]>([
    ['its type is not known: upgrade this process', 'ParcelLost', 1],
    ['its type is not known: upgrade this process', 'toString', 1],
    ['version 2 of its type is not known: upgrade this process', 'ParcelSent', 2],
    ['version 0 of its type is not known: upgrade this process', 'ParcelSent', 0],
    ['version 1.5 of its type is not known: upgrade this process', 'ParcelSent', 1.5],
    ['version 1 of its type is not known: upgrade this process', 'ParcelSent', '1'],
    ['version undefined of its type is not known: upgrade this process', 'ParcelSent', undefined],
  ])('is refused: %s (%s, %s)', (reason, type, version) => {
    expect(olderParcelEvents.readableVersion(type, version)).toBe(reason);
    expect(olderParcelEvents.read(type, version, {})).toBe(reason);
  });
});

describe('two types of one name', () => {
  const type = eventType({
    name: 'ParcelSent',
    description: '',
    schema: object<{ readonly at: string }>({ at: time }),
    touches: () => [],
  });

  it('are refused in a module and in a product', () => {
    expect(() => new EventList({ prefix: 'p-' }, [type, type])).toThrow('have one name');
    const other = new EventList({ name: 'other' }, [type]);
    expect(
      () =>
        new EventRegistry([
          { module: 'parcels', events: parcelEvents },
          { module: 'other', events: other },
        ]),
    ).toThrow('two modules have an event type ParcelSent');
  });
});

describe('streams', () => {
  it('are read by their prefixes; one with a name of its own is not', () => {
    const own = new EventList({ name: 'installation' }, []);
    expect(
      new EventRegistry([
        { module: 'parcels', events: parcelEvents },
        { module: 'own', events: own },
      ]).streamPrefixes,
    ).toEqual(['parcels-']);
  });
});

it('a field that may be null is not one that is always there', () => {
  const { present } = object<{
    readonly a: string;
    readonly b: string | null;
    readonly c: string | null;
    readonly d: 'd';
  }>({
    a: time,
    b: textOrNull(),
    c: orNull(text()),
    d: exactly('d'),
  });
  expect(present).toEqual(['a', 'd']);
});
