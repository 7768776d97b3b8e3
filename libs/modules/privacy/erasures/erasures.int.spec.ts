import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import type { DecodedEvent } from '@fintech-ledger/projection-runtime';
import { testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { sealValue } from '../subjects/personal-value';
import { PersonalValues } from '../subjects/personal-values';
import { postgresSubjectKeys } from '../subjects/postgres-subject-keys';
import type { SubjectKeys } from '../subjects/subject-keys';
import { erasuresProjection } from './erasures-projection';

const pepper = 'a pepper of at least 32 characters';
const organizationId = 'org_1';
const rounds = Number(process.env['ERASURE_ROUNDS'] ?? 6);
const stepsOfRound = 40;

/** A store in which nothing is missing. */
const noEvents = { readStream: () => Promise.resolve([]) };

let testing: TestDatabase;
let db: Database;

beforeAll(async () => {
  testing = await testDatabase();
  db = connect({ connectionString: testing.url, max: 4, statementTimeoutMs: 30_000 });
});
afterAll(async () => {
  await db?.close();
  await testing?.drop();
});

/** 0 up to 1, the same for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The journal: what erased whom. */
class Erasures {
  private readonly events: DecodedEvent[] = [];
  /** How many of them the projection has. */
  private projected = 0;

  constructor(private readonly stream: string) {}

  add(erasedSubject: string): void {
    this.events.push({
      prefix: 'journal-',
      owner: this.stream.slice('journal-'.length),
      organizationId,
      revision: this.events.length,
      recordedMs: 0,
      event: { type: 'CustomerDeleted', data: { erasedSubject } },
    } as unknown as DecodedEvent);
  }
  async project(): Promise<void> {
    const news = this.events.slice(this.projected);
    await db.transaction(erasuresProjection.fold(news));
    this.projected = this.events.length;
  }
  /** The last event, as a store gives it. */
  get head(): readonly { readonly revision: number }[] {
    return this.events.slice(-1).map(({ revision }) => ({ revision }));
  }
  async rebuild(): Promise<void> {
    await erasuresProjection.resetStream(db, this.stream);
    this.projected = 0;
    await this.project();
  }
}

async function anyHistory(seed: number): Promise<void> {
  const random = randomOf(seed);
  const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;
  const erasures = new Erasures(`journal-led_${seed}`);
  let keys: SubjectKeys = postgresSubjectKeys(db, pepper, noEvents);
  const sealed = new Map<string, { readonly text: string; readonly plain: string }>();
  const erased = new Set<string>();
  let backup: readonly { readonly id: string; readonly wrapped: Buffer | null }[] = [];
  for (let step = 0; step < stepsOfRound; step += 1) {
    const what = random();
    const known = [...sealed.keys()];
    if (what < 0.35 || known.length === 0) {
      const id = keys.idOf(organizationId, `seed ${seed} step ${step}`);
      const plain = `person ${seed}/${step}`;
      const { text } = await made(keys, id, plain);
      sealed.set(id, { text, plain });
    } else if (what < 0.55) {
      // The event is stored; whether the process lived on to destroy the key is another matter.
      const id = pick(known);
      erasures.add(id);
      erased.add(id);
      if (random() < 0.5) await keys.destroy([id]);
      await erasures.project();
    } else if (what < 0.7) {
      backup = (
        await db.query<{ id: string; wrapped: Buffer | null }>('select id, wrapped from privacy.subject_keys')
      ).rows;
    } else if (what < 0.85) {
      for (const { id, wrapped } of backup)
        await db.query('update privacy.subject_keys set wrapped = $2 where id = $1', [id, wrapped]);
      if (random() < 0.5) {
        keys = postgresSubjectKeys(db, pepper, noEvents);
        await keys.destroyErased();
      }
    } else await erasures.rebuild();
    await hold(seed, step, keys, sealed, erased);
  }
  await keys.destroyErased();
  const { rows } = await db.query<{ id: string }>(
    'select id from privacy.subject_keys where wrapped is not null',
  );
  expect(rows.filter(({ id }) => erased.has(id))).toEqual([]);
}

/** A subject that an event names, with one value. */
async function made(keys: SubjectKeys, id: string, value: string) {
  const claim = await keys.claim(organizationId, id, 'customer');
  const { subject } = claim;
  if (!subject.key) throw new Error('a new subject has no key');
  const text = sealValue(subject, 'customer.email', value);
  const lookups = [{ label: 'customer.email', value, sealed: text }];
  await keys.note(claim, lookups);
  await keys.keep(claim, lookups);
  return { claim, lookups, text };
}

/** What is shown is what was said, and null of whoever is erased. */
async function hold(
  seed: number,
  step: number,
  keys: SubjectKeys,
  sealed: ReadonlyMap<string, { readonly text: string; readonly plain: string }>,
  erased: ReadonlySet<string>,
): Promise<void> {
  const texts = [...sealed].map(([id, { text }]) => ({ id, email: text }));
  const shown = await new PersonalValues(keys).openIn(organizationId, texts);
  const expected = [...sealed].map(([id, { plain }]) => ({ id, email: erased.has(id) ? null : plain }));
  expect({ seed, step, shown }).toEqual({ seed, step, shown: expected });
}

it('an erasure wins, whatever crashes, is restored, or is rebuilt', async () => {
  for (let round = 0; round < rounds; round += 1)
    await anyHistory(Number(process.env['ERASURE_SEED'] ?? 1) + round);
});

it('no key opens for another organization, or under another pepper', async () => {
  const keys = postgresSubjectKeys(db, pepper, noEvents);
  const { subject } = await keys.claim(organizationId, 'sub_mine', 'customer');
  expect(subject.key).toHaveLength(32);
  expect((await keys.claim(organizationId, 'sub_mine', 'customer')).subject).toEqual(subject);
  expect(await keys.select('org_2', ['sub_mine'])).toEqual(new Map());
  const others = postgresSubjectKeys(db, `${pepper} 2`, noEvents);
  const lost = { id: 'sub_mine', key: undefined };
  expect(await others.select(organizationId, ['sub_mine'])).toEqual(new Map([['sub_mine', lost]]));
  expect((await others.claim(organizationId, 'sub_mine', 'customer')).subject).toEqual(lost);
  expect(await keys.claim('org_2', 'sub_mine', 'customer')).toMatchObject({ isNew: false, subject: lost });
  expect((await keys.claim(organizationId, 'sub_mine', 'customer')).subject).toEqual(subject);
});

it('an erased subject is found by nothing', async () => {
  const keys = postgresSubjectKeys(db, pepper, noEvents);
  const { subject } = (await made(keys, 'sub_found', 'a@b')).claim;
  const tag = keys.tagOf(organizationId, 'customer.email', 'a@b');
  const count = async (): Promise<number> =>
    (await db.query('select from privacy.lookups where tag = $1', [tag])).rowCount;
  expect(await count()).toBe(1);
  await keys.destroy([subject.id]);
  expect(await count()).toBe(0);
});

describe('a database that was restored from an older backup', () => {
  const stream = 'journal-led_restored';
  const id = 'sub_restored';
  const erasures = new Erasures(stream);
  const store = { readStream: (of: string) => Promise.resolve(of === stream ? erasures.head : []) };
  const restartedKeys = (): SubjectKeys => postgresSubjectKeys(db, pepper, store as never);
  const reach = (revision: number) =>
    db.query(
      `insert into read.checkpoint_rows (stream, projection, revision, previous) values ($1, 'erasures', $2, -1)
       on conflict (stream, projection) do update set revision = excluded.revision`,
      [stream, revision],
    );
  const select = async (keys: SubjectKeys) => (await keys.select(organizationId, [id])).get(id)?.key;
  let backup: Buffer | null = null;

  /** Key, erasures and how far they are read, as they were. */
  const restore = async (): Promise<void> => {
    await db.query('update privacy.subject_keys set wrapped = $2 where id = $1', [id, backup]);
    await db.query('delete from read.erasures where stream = $1', [stream]);
    await reach(0);
  };

  beforeAll(async () => {
    await db.query(
      `insert into read.ledgers (id, organization_id, revision, name, created_ms, managed)
       values ('led_restored', $1, 900, 'Payments', 0, 'payments')`,
      [organizationId],
    );
    await made(restartedKeys(), id, 'restored@b');
    erasures.add('sub_somebody');
    await reach(0);
    const { rows } = await db.query<{ wrapped: Buffer }>(
      'select wrapped from privacy.subject_keys where id = $1',
      [id],
    );
    backup = rows[0]?.wrapped ?? null;
    erasures.add(id);
  });
  afterAll(() => db.query(`delete from read.ledgers where id = 'led_restored'`));

  it('withholds keys until the erasures of the journal are read, and then has none of who was erased', async () => {
    const running = restartedKeys();
    await reach(1);
    expect(await select(running)).toHaveLength(32);
    await restore();
    for (const keys of [restartedKeys(), running])
      await expect(select(keys)).rejects.toThrow(`the erasures of ${stream} have not been read`);
    const [waiting] = await Promise.all([select(restartedKeys()), erasures.project().then(() => reach(1))]);
    expect(waiting).toBeNull();
    expect(await select(running)).toBeNull();
    const { rows } = await db.query('select wrapped from privacy.subject_keys where id = $1', [id]);
    expect(rows).toEqual([{ wrapped: null }]);
  });
});

describe('what a request made', () => {
  const rowsOf = async (id: string): Promise<readonly number[]> => {
    const counts = await db.query<{ keys: string; found: string }>(
      `select (select count(*) from privacy.subject_keys where id = $1) as keys,
              (select count(*) from privacy.lookups where subject_id = $1) as found`,
      [id],
    );
    return counts.rows.flatMap(({ keys, found }) => [Number(keys), Number(found)]);
  };
  const keysOf = () => postgresSubjectKeys(db, pepper, noEvents);
  const lookup = (sealed: string) => ({ label: 'customer.email', value: sealed, sealed });
  const age = async (id: string): Promise<void> => {
    for (const [table, column] of [
      ['subject_keys', 'id'],
      ['lookups', 'subject_id'],
    ])
      await db.query(
        `update privacy.${table} set claimed_at = claimed_at - interval '2 hours' where ${column} = $1`,
        [id],
      );
  };

  it('goes where it was refused, unless another request uses it by now', async () => {
    const keys = keysOf();
    const first = await keys.claim(organizationId, 'sub_refused', 'customer');
    await keys.note(first, [lookup('refused 1')]);
    expect([first.isNew, await rowsOf('sub_refused')]).toEqual([true, [1, 1]]);
    const second = await keys.claim(organizationId, 'sub_refused', 'customer');
    expect([second.isNew, second.subject]).toEqual([false, first.subject]);
    await keys.release(first);
    expect(await rowsOf('sub_refused')).toEqual([1, 0]);
    await keys.note(second, [lookup('refused 2')]);
    await keys.keep(second, [lookup('refused 2')]);
    await keys.release(first);
    await keys.release(second);
    expect(await rowsOf('sub_refused')).toEqual([1, 1]);
    const third = await keys.claim(organizationId, 'sub_alone', 'customer');
    await keys.note(third, [lookup('alone')]);
    await keys.release(third);
    expect(await rowsOf('sub_alone')).toEqual([0, 0]);
  });

  it('and died is settled by whether there is a subject, and not as long as a request may be under way', async () => {
    const keys = keysOf();
    const claimed = async () => (await keys.claimed('customer', 10)).map(({ id }) => id).sort();
    for (const id of ['sub_died', 'sub_lived', 'sub_changed']) {
      const claim = await keys.claim(organizationId, id, 'customer');
      await keys.note(claim, [lookup(`${id} now`), lookup(`${id} before`)]);
      if (id === 'sub_changed') await keys.keep(claim, [lookup(`${id} before`)]);
    }
    // Who makes those of another kind knows what came of them.
    const other = await keys.claim(organizationId, 'sub_account', 'connected_account');
    expect(await claimed()).toEqual([]);
    await age(other.subject.id);
    for (const id of ['sub_died', 'sub_lived', 'sub_changed'])
      await keys.settle({ id, organizationId }, undefined);
    expect(await rowsOf('sub_died')).toEqual([1, 2]);
    for (const id of ['sub_died', 'sub_lived', 'sub_changed']) await age(id);
    expect(await claimed()).toEqual(['sub_changed', 'sub_died', 'sub_lived']);
    await keys.settle({ id: 'sub_died', organizationId }, undefined);
    await keys.settle({ id: 'sub_lived', organizationId }, ['sub_lived now']);
    await keys.settle({ id: 'sub_changed', organizationId }, []);
    expect(await claimed()).toEqual([]);
    expect(await rowsOf('sub_died')).toEqual([0, 0]);
    expect(await rowsOf('sub_lived')).toEqual([1, 1]);
    // What an event has named stays.
    expect(await rowsOf('sub_changed')).toEqual([1, 1]);
    expect((await keys.claimed('connected_account', 10)).map(({ id }) => id)).toEqual([other.subject.id]);
    await keys.note(other, [lookup('account')]);
    await age(other.subject.id);
    await keys.settle({ id: other.subject.id, organizationId }, 'all');
    expect(await rowsOf('sub_account')).toEqual([1, 1]);
    expect(await keys.claimed('connected_account', 10)).toEqual([]);
  });
});
