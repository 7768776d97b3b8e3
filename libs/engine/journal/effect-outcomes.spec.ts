import { MemoryCheckpointStore } from '@fintech-ledger/checkpoint-store';
import { EventList, eventType, object, text, time, wholeNumber } from '@fintech-ledger/contract';
import { MemoryEventStore } from '@fintech-ledger/event-store';
import type { DomainRecord, RecordView } from './domain';
import type { AnyPart, Typed } from './domain-part';
import type { EffectRunner, IntendedEffect } from './effect';
import { joinedDomain } from './joined-domain';
import { JournalWriter } from './journal-writer';
import { silentObserver } from './observer';

const stream = 'calls-1';

interface Called {
  readonly askAt: string;
  readonly attempt: number;
  readonly what: string;
}
interface Said extends Typed {
  readonly what: string;
}
const schema = object<Called>({ askAt: time, attempt: wholeNumber(), what: text() });
const eventsOf = (name: string) =>
  new EventList(
    { prefix: 'calls-' },
    ['Called', 'Heard'].map((what) =>
      eventType({ name: `${name}${what}`, description: 'A call.', schema, touches: () => [`${name}:call`] }),
    ),
  );

/** A module that calls two others by one key, and refuses what comes of it as long as it is told to. */
function caller(name: string, isRefused: () => boolean = () => false): AnyPart {
  const call = (view: RecordView<DomainRecord>) =>
    view.get(`${name}:call`) as (DomainRecord & Called) | undefined;
  return {
    commands: { [`${name}Call`]: true, [`${name}Hear`]: true },
    events: eventsOf(name),
    records: { [name]: `${name}:` },
    reads: () => [`${name}:call`],
    decide(view, command, { now }) {
      const { type, what } = command as Said;
      if (type === `${name}Hear` && isRefused())
        return { kind: 'refused', refusal: { code: 'bound_violated', detail: 'Not now.' } };
      const heard = { askAt: now, attempt: 0, what };
      if (type === `${name}Hear`) return { kind: 'decided', events: [{ type: `${name}Heard`, data: heard }] };
      const askAt = new Date(Date.parse(now) + 30_000).toISOString();
      const data: Called = { askAt, attempt: (call(view)?.attempt ?? 0) + 1, what: 'both' };
      return { kind: 'decided', events: [{ type: `${name}Called`, data }] };
    },
    evolve: (_view, { type, data }) => [
      {
        key: `${name}:call`,
        record: { kind: name, isOpen: type === `${name}Called`, ...data } as DomainRecord,
      },
    ],
    effectsOf({ type, data }) {
      if (type !== `${name}Called`) return [];
      const { attempt } = data as Called;
      return ['ask', 'tell'].map((kind) => ({ kind, key: 'the same', attempt, data: {} }));
    },
    dueAt: (record) =>
      (record as { isOpen?: boolean }).isOpen === true ? (record as { askAt?: string }).askAt : undefined,
    dueCommand: () => ({ type: `${name}Call` }),
    answer: () => '{}',
  };
}

const told: EffectRunner = {
  run: ({ module, kind }: IntendedEffect) => Promise.resolve({ type: `${module}Hear`, what: kind }),
};

async function start(isRefused?: () => boolean, effects: EffectRunner = told) {
  const time = { nowMs: Date.parse('2026-01-05T12:00:00.000Z') };
  const [ann, bob] = [caller('ann', isRefused), caller('bob')];
  const events = eventsOf('ann').with(eventsOf('bob'));
  const eventStore = new MemoryEventStore();
  const failed: string[] = [];
  const recorded: string[] = [];
  const writer = new JournalWriter(
    stream,
    {
      domain: joinedDomain(events, { ann, bob }),
      eventStore,
      checkpoints: new MemoryCheckpointStore(),
      clock: { nowMs: () => time.nowMs },
      effects,
      observer: {
        ...silentObserver,
        effectFailed: ({ module, kind, attempt }, reason) =>
          failed.push(`${module} ${kind} ${attempt}: ${reason}`),
        effectRecorded: ({ module, kind }) => recorded.push(`${module} ${kind}`),
      },
      newCommandId: () => crypto.randomUUID(),
    },
    { cacheRecords: 100, limits: { effectsRunningMax: 1, effectMsMax: 20 } },
  );
  await writer.load();
  const submit = (type: string, more: object = {}) =>
    writer.submit({
      stream,
      organizationId: 'org_1',
      actor: 'key_1',
      correlationId: 'r',
      command: { type },
      ...more,
    });
  const heard = async (): Promise<string[]> =>
    (await eventStore.readStream(stream, { limit: 100 })).flatMap(({ type, data }) =>
      type.endsWith('Heard') ? [`${type} ${(JSON.parse(data) as Called).what}`] : [],
    );
  return { submit, heard, failed, recorded, time };
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setImmediate(resolve));
}

describe('what comes of an effect', () => {
  it('is recorded of each module, and of each kind, though all have one key and one attempt', async () => {
    const { submit, heard, failed, recorded } = await start();
    await Promise.all([submit('annCall'), submit('bobCall')]);
    const all = ['annHeard ask', 'annHeard tell', 'bobHeard ask', 'bobHeard tell'];
    await until(async () => (await heard()).length >= all.length);
    expect((await heard()).sort()).toEqual(all);
    await until(() => recorded.length === all.length);
    expect(recorded.sort()).toEqual(['ann ask', 'ann tell', 'bob ask', 'bob tell']);
    expect(failed).toEqual([]);
  });

  it('is told of where it is refused, and tried again when it is due', async () => {
    let isRefused = true;
    const { submit, heard, failed, time } = await start(() => isRefused);
    await submit('annCall');
    await until(() => failed.length === 2);
    const reason = 'what came of it was refused, bound_violated: Not now.';
    expect(failed.sort()).toEqual([`ann ask 1: ${reason}`, `ann tell 1: ${reason}`]);
    isRefused = false;
    time.nowMs += 60_000;
    await submit('bobCall', { dryRun: true });
    await until(async () => (await heard()).length > 1);
    expect((await heard()).sort()).toEqual(['annHeard ask', 'annHeard tell']);
    expect(failed).toHaveLength(2);
  });

  it('is not waited for for ever: another one has its place, and it is told that it is aborted', async () => {
    const aborted: string[] = [];
    const { submit, heard, failed } = await start(undefined, {
      run(effect, signal) {
        if (effect.kind === 'tell') return told.run(effect, signal);
        signal.addEventListener('abort', () => aborted.push(effect.kind));
        return new Promise(() => undefined);
      },
    });
    await submit('annCall');
    await until(async () => (await heard()).length > 0);
    expect(await heard()).toEqual(['annHeard tell']);
    expect(failed).toEqual(['ann ask 1: it takes more than 20 ms']);
    expect(aborted).toEqual(['ask']);
  });
});
