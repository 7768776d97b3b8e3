import { EventList, eventType, object, text } from '@fintech-ledger/contract';
import { joinedDomain } from './joined-domain';
import type { DomainPart } from './joined-domain';

interface Said {
  readonly kind: string;
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
    reads: () => [type],
    decide: (view) => ({
      kind: 'decided',
      events: [{ type, data: { text: view.get(type)?.text ?? 'hello' } }],
    }),
    evolve: (_view, event) => [{ key: type, record: { kind: type, text: `${event.data.text}!` } }],
    answer: ({ revision }) => `"${type}@${revision}"`,
  };
}
const ann = speaker('SayAnn', 'AnnSaid', events);
const bob = speaker('SayBob', 'BobSaid', others);

describe('the domain of streams that modules share', () => {
  const domain = joinedDomain(events.with(others), [ann, bob]);
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
    expect(() => joinedDomain(events, [ann, speaker('SayAnn', 'BobSaid', others)])).toThrow(
      'two modules have SayAnn in one stream',
    );
    expect(() => joinedDomain(events, [ann, speaker('SayBob', 'AnnSaid', events)])).toThrow(
      'two modules have AnnSaid in one stream',
    );
  });
});
