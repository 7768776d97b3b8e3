import { EventList, eventType, object, text } from '@fintech-ledger/contract';
import { joinedDomain } from './joined-domain';
import type { AnyJoinable, AnyPart, DomainPart } from './domain-part';

interface Said {
  readonly kind: 'AnnSaid' | 'BobSaid';
  readonly text: string;
}
const saidBy = <const N extends string>(name: N) => {
  const schema = object<{ readonly text: string }>({ text: text() });
  return eventType({ name, description: 'Somebody said something.', schema, touches: () => [name] });
};
const events = new EventList({ prefix: 'talk-' }, [saidBy('AnnSaid')]);
const others = new EventList({ prefix: 'talk-' }, [saidBy('BobSaid')]);

function speaker<const C extends string, const E extends 'AnnSaid' | 'BobSaid'>(
  command: C,
  type: E,
  list: DomainPart<{ type: C }, { type: E; data: { text: string } }, Said>['events'],
): DomainPart<{ readonly type: C }, { type: E; data: { text: string } }, Said> {
  return {
    commands: { [command]: true } as Record<C, true>,
    events: list,
    records: recordsOf(type),
    reads: () => [type],
    decide: (view) => ({
      kind: 'decided',
      events: [{ type, data: { text: view.get(type)?.text ?? 'hello' } }],
    }),
    evolve: (_view, event) => [{ key: type, record: { kind: type, text: `${event.data.text}!` } }],
    answer: ({ revision }) => `"${type}@${revision}"`,
  };
}
/** Each has records of its kind under keys that begin with its name. */
const recordsOf = (type: Said['kind']) => ({ [type]: type }) as unknown as Record<Said['kind'], string>;
const ann = speaker('SayAnn', 'AnnSaid', events);
const bob = speaker('SayBob', 'BobSaid', others);

describe('the domain of streams that modules share', () => {
  const domain = joinedDomain(events.with(others), { ann: ann as AnyPart, bob: bob as AnyPart });
  const context = { now: '', organizationId: '', newId: () => '' };
  const at = { stream: 'talk-1', revision: 0, recordedAt: '' };

  it.each([
    ['SayAnn', 'AnnSaid'],
    ['SayBob', 'BobSaid'],
  ] as const)('has %s decided, folded and answered by its module', (command, type) => {
    const view = new Map([
      ['AnnSaid', { kind: 'AnnSaid', text: 'Ann' }],
      ['BobSaid', { kind: 'BobSaid', text: 'Bob' }],
    ]);
    const event = { type, data: { text: type.slice(0, 3) } };
    expect(domain.reads({ type: command }, view)).toEqual([type]);
    expect(domain.decide(view, { type: command }, context)).toEqual({ kind: 'decided', events: [event] });
    const [change] = domain.evolve(view, event, at);
    expect(change).toEqual({ key: type, record: { kind: type, text: `${event.data.text}!` } });
    expect(domain.events.read(type, 1, event.data)).toEqual(event);
    const request = { command: { type: command }, revision: 3, events: [event], refusedItems: [] };
    expect(domain.answer({ ...request, stream: 'talk-1', dryRun: false })).toBe(`"${type}@3"`);
  });

  it('has no command and no event of anybody else', () => {
    const view = new Map<string, Said>();
    expect(() => domain.decide(view, { type: 'SayEve' }, context)).toThrow('no module has SayEve');
    expect(() => domain.evolve(view, { type: 'EveSaid', data: {} }, at)).toThrow('no module has EveSaid');
  });

  it('is not made where both have a command, or an event', () => {
    expect(() =>
      joinedDomain(events, { ann: ann as AnyPart, bob: speaker('SayAnn', 'BobSaid', others) as AnyPart }),
    ).toThrow('two modules have SayAnn in one stream');
    expect(() =>
      joinedDomain(events, { ann: ann as AnyPart, bob: speaker('SayBob', 'AnnSaid', events) as AnyPart }),
    ).toThrow('two modules have AnnSaid in one stream');
  });
});

const at = { stream: 'talk-1', revision: 0, recordedAt: '' };
const context = { now: '', organizationId: '', newId: () => '' };
const nobody = new Map<string, Said>();

const told = { kind: 'tell', attempt: 1, data: {} };

/** A domain that is whole: its records have a text of their own, and it hears what the others say. */
const base: AnyJoinable = {
  ...(ann as AnyPart),
  events,
  costOf: () => 7,
  effectiveAt: (event, recordedAt) => `${event.type} at ${recordedAt}`,
  effectsOf: ({ type }) => [{ module: 'ann', ...told, key: type }],
  evolve: (_view, event) => [
    { key: 'AnnSaid', record: { kind: 'AnnSaid', text: `heard ${event.type}` } as Said },
  ],
  revisionOf: (key) => (key === 'AnnSaid 3' ? 3 : undefined),
  recordFrom: (key) => ({ kind: 'AnnSaid', text: key }) as Said,
  encode: (record) => ({ text: (record as Said).text, columns: { currency: 'USD' } }),
  decode: (_key, text) => ({ kind: 'AnnSaid', text }) as Said,
  dueAt: (record) => ((record as Said).text === 'due' ? '2026-01-01' : undefined),
  dueCommand: (keys) => ({ type: 'SayAnn', keys }) as { type: string },
  decideInSteps: function* () {
    yield;
    return { kind: 'decided', events: [] };
  },
  items: {
    count: () => 2,
    from: (command) => command,
    refused: () => ({ type: 'AnnSaid', data: {} }),
    join: (answers) => answers.join(),
  },
};
const late = {
  ...bob,
  effectsOf: ({ type }: { readonly type: string }) => [{ ...told, key: type }],
  dueAt: (record: Said) => record.text,
  dueCommand: (keys: readonly string[]) => ({ type: 'SayBob' as const, keys }),
};

describe('a domain that a part has joined', () => {
  const domain = joinedDomain(events.with(others), { late: late as AnyPart }, base);
  const said = (type: 'AnnSaid' | 'BobSaid') => ({ type, data: { text: 'x' } });

  it('folds the events of the part too, before the part does', () => {
    expect(domain.evolve(nobody, said('AnnSaid'), at)).toHaveLength(1);
    expect(domain.evolve(nobody, said('BobSaid'), at)).toEqual([
      { key: 'AnnSaid', record: { kind: 'AnnSaid', text: 'heard BobSaid' } },
      { key: 'BobSaid', record: { kind: 'BobSaid', text: 'x!' } },
    ]);
    expect(domain.effectiveAt?.(said('BobSaid'), 'noon')).toBe('BobSaid at noon');
  });

  it('keeps its records as it likes, and those of the part as JSON', () => {
    const records: readonly (readonly [string, Said, string])[] = [
      ['AnnSaid 1', { kind: 'AnnSaid', text: 'hi' }, 'hi'],
      ['BobSaid 1', { kind: 'BobSaid', text: 'hi' }, '{"kind":"BobSaid","text":"hi"}'],
    ];
    for (const [key, record, text] of records) {
      expect(domain.encode(record).text).toBe(text);
      expect(domain.decode(key, text)).toEqual(record);
    }
    expect(domain.revisionOf('AnnSaid 3', 'talk-1')).toBe(3);
    expect(domain.revisionOf('BobSaid 3', 'talk-1')).toBeUndefined();
    expect(domain.recordFrom('AnnSaid 3', said('BobSaid'))).toEqual({ kind: 'AnnSaid', text: 'AnnSaid 3' });
    expect(domain.recordFrom('BobSaid 3', said('BobSaid'))).toBeUndefined();
  });

  it('has each act on what is due of its own records', () => {
    expect(domain.dueAt({ kind: 'AnnSaid', text: 'due' } as Said)).toBe('2026-01-01');
    expect(domain.dueAt({ kind: 'BobSaid', text: '2027-01-01' } as Said)).toBe('2027-01-01');
    const keys = ['BobSaid 1', 'AnnSaid 1', 'BobSaid 2'];
    const together = domain.dueTogether?.(keys);
    expect(together).toEqual([['BobSaid 1', 'BobSaid 2'], ['AnnSaid 1']]);
    expect(together?.map((group) => domain.dueCommand?.(group))).toEqual([
      { type: 'SayBob', keys: ['BobSaid 1', 'BobSaid 2'] },
      { type: 'SayAnn', keys: ['AnnSaid 1'] },
    ]);
    expect(() => domain.dueCommand?.(['EveSaid'])).toThrow('nobody acts on EveSaid');
  });

  it('has each effect done by the module of its event', () => {
    expect(domain.effectsOf?.(said('AnnSaid'))).toEqual([{ module: 'ann', ...told, key: 'AnnSaid' }]);
    expect(domain.effectsOf?.(said('BobSaid'))).toEqual([{ module: 'late', ...told, key: 'BobSaid' }]);
  });

  it('has commands of many items, and the part has none', () => {
    const [ofBase, ofPart] = [{ type: 'SayAnn' }, { type: 'SayBob' }];
    expect([domain.costOf?.(ofBase), domain.costOf?.(ofPart)]).toEqual([7, 1]);
    expect([domain.items?.count(ofBase), domain.items?.count(ofPart)]).toEqual([2, undefined]);
    expect(domain.decideInSteps?.(nobody, ofBase, context)).toBeDefined();
    expect(domain.decideInSteps?.(nobody, ofPart, context)).toBeUndefined();
  });

  it('does not let the part change what is not its own', () => {
    const thief = {
      ...bob,
      evolve: () => [{ key: 'AnnSaid', record: { kind: 'BobSaid', text: '' } as Said }],
    };
    const robbed = joinedDomain(events.with(others), { thief: thief as AnyPart }, base);
    expect(() => robbed.evolve(nobody, said('BobSaid'), at)).toThrow(
      "BobSaid changes AnnSaid, a BobSaid, which is not its module's",
    );
  });

  it('is not made with keys of one in those of the other, or with half of what acts on what is due', () => {
    const inside = { ...bob, records: { ...recordsOf('BobSaid'), BobSaid: 'AnnSaid:bob' } };
    const join = (part: object) => joinedDomain(events.with(others), { bob: part as AnyPart }, base);
    expect(() => join(inside)).toThrow('two modules have AnnSaid:bob in one stream');
    expect(() => join({ ...bob, records: recordsOf('AnnSaid') })).toThrow('two modules have AnnSaid');
    expect(() => join({ ...bob, dueAt: () => undefined })).toThrow('dueAt and dueCommand: that of SayBob');
  });
});
