import { EventList, eventType, object, text } from '@fintech-ledger/contract';
import type { ModuleManifest } from '@fintech-ledger/manifest';
import * as shapes from '@fintech-ledger/shapes';
import { publicEvent, publicEvents, unpublished } from '@fintech-ledger/shapes';
import { PublicEventRegistry } from './public-event-registry';

interface Sent {
  readonly parcelId: string;
}
const typeOf = <const N extends string>(name: N) =>
  eventType({
    name,
    description: 'A parcel is on its way.',
    schema: object<Sent>({ parcelId: text() }),
    touches: () => [],
  });
const parcelSent = typeOf('ParcelSent');
const parcelLost = typeOf('ParcelLost');
const events = new EventList({ prefix: 'parcel-' }, [parcelSent, parcelLost]);
const parcel = shapes.named('Parcel', 'A parcel.', shapes.object({ id: shapes.text('Its id.', 'p_1') }));
const told = (name: string, shape = parcel) =>
  publicEvent<Sent, { readonly id: string }>({
    name,
    description: 'It is told.',
    object: shape,
    idsOf: ({ parcelId }) => [parcelId],
    objectOf: ({ parcelId }) => ({ id: parcelId }),
  });
const nobody = unpublished('Nobody asks.');
const moduleOf = (name: string, ...lists: readonly ReturnType<typeof publicEvents>[]) => ({
  name,
  streams: lists.map((publicEventsOf) => ({
    events: publicEventsOf.events,
    publicEvents: publicEventsOf,
  })) as unknown as ModuleManifest['streams'],
});

describe('the registry of public events', () => {
  it('has what each event tells, once or several times, or why it tells nothing', () => {
    const list = publicEvents(events, {
      ParcelSent: [told('parcel.sent'), told('parcel.moved')],
      ParcelLost: nobody,
    });
    const registry = new PublicEventRegistry([moduleOf('parcels', list)]);
    expect(registry.toldBy('ParcelSent').map(({ name }) => name)).toEqual(['parcel.sent', 'parcel.moved']);
    expect(registry.toldBy('ParcelLost')).toEqual([]);
    expect(registry.toldBy('NoSuchEvent')).toEqual([]);
    expect(registry.unpublished).toEqual([
      { module: 'parcels', source: 'ParcelLost', because: 'Nobody asks.' },
    ]);
    expect(registry.types.map(({ name, module, isOfLedger }) => [name, module, isOfLedger])).toEqual([
      ['parcel.moved', 'parcels', false],
      ['parcel.sent', 'parcels', false],
    ]);
  });

  it('lets two events tell the same, and names both', () => {
    const lost = told('parcel.changed');
    const list = publicEvents(events, { ParcelSent: [lost], ParcelLost: [lost] });
    const [type] = new PublicEventRegistry([moduleOf('parcels', list)]).types;
    expect(type?.sources).toEqual(['ParcelSent', 'ParcelLost']);
  });

  it('does not compile without a line for each type of event', () => {
    // @ts-expect-error ParcelLost is neither told nor said not to be
    const list = publicEvents(events, { ParcelSent: nobody });
    expect(Object.keys(list.told)).toEqual(['ParcelSent']);
  });

  it('refuses two modules that tell of different things under one name, and lines for other events', () => {
    const of = (name: string) => {
      const list = new EventList({ prefix: `${name}-` }, [typeOf(name)]);
      return moduleOf(name, publicEvents(list, { [name]: [told('parcel.sent')] } as never));
    };
    expect(() => new PublicEventRegistry([of('one'), of('two')])).toThrow(
      'two public events are called parcel.sent',
    );
    const list = publicEvents(events, { ParcelSent: nobody, ParcelLost: nobody });
    const others = new EventList({ prefix: 'letter-' }, [parcelSent]);
    const wrong = { name: 'letters', streams: [{ events: others, publicEvents: list }] };
    expect(() => new PublicEventRegistry([wrong as never])).toThrow('are of other events than its streams');
  });
});
