import { dataSubjectErased } from '@fintech-ledger/contract';
import type { CommandContext, CommandGateway, CommandOutcome } from '@fintech-ledger/journal';
import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { DataSubjectWriter } from '../data-subjects/data-subject-writer';
import { PersonalValues } from './personal-values';
import { postgresSubjectKeys } from './postgres-subject-keys';
import type { SubjectKeys } from './subject-keys';

const organizationId = 'org_1';
const context: CommandContext = { organizationId, actor: 'key_1', correlationId: 'req_1', dryRun: false };

describe('keys of data subjects in trouble', () => {
  let testing: TestDatabase;
  let db: Database;
  let keys: SubjectKeys;
  let outcome: CommandOutcome;
  let writer: DataSubjectWriter;

  beforeAll(async () => {
    testing = await testDatabase();
    db = connect({ connectionString: testing.url, max: 4, statementTimeoutMs: 30_000 });
    const noEvents = { readStream: () => Promise.resolve([]) };
    keys = postgresSubjectKeys(db, 'a pepper of at least 32 characters', noEvents);
    const gateway = { submit: () => Promise.resolve(outcome) } as unknown as CommandGateway;
    writer = new DataSubjectWriter(gateway, keys, new PersonalValues(keys));
    // As a full disk.
    await db.query(`create function privacy.fails() returns trigger language plpgsql as
      $$ begin raise exception 'no space left' using errcode = '53100'; end $$`);
  });
  afterAll(async () => {
    await db.close();
    await testing.drop();
  });

  const subject = async (id: string): Promise<string> => {
    const claim = await keys.claim(organizationId, id, 'data_subject');
    await keys.keep(claim, []);
    return claim.subject.id;
  };
  const hasKey = async (id: string): Promise<boolean> =>
    (await db.query(`select from privacy.subject_keys where id = $1 and wrapped is not null`, [id])).rows
      .length === 1;
  const breakKeys = (): Promise<unknown> =>
    db.query(`create trigger fails before update on privacy.subject_keys execute function privacy.fails()`);
  const mendKeys = (): Promise<unknown> => db.query('drop trigger fails on privacy.subject_keys');
  const accepted = (more: object = {}): CommandOutcome =>
    ({ kind: 'accepted', position: 'x', ...more }) as unknown as CommandOutcome;

  it('an erasure whose key can not be destroyed is answered with 503 until it is, however the request is repeated', async () => {
    const id = await subject(keys.idOf(organizationId, 'a'));
    await breakKeys();
    outcome = accepted();
    await expect(writer.erase(id, context)).rejects.toMatchObject({ status: 503, code: 'unavailable' });
    outcome = { kind: 'refused', refusal: { code: dataSubjectErased.code } } as unknown as CommandOutcome;
    await expect(writer.erase(id, context)).rejects.toMatchObject({ status: 503 });
    expect(await hasKey(id)).toBe(true);
    await mendKeys();
    outcome = accepted({ replayed: true });
    await expect(writer.erase(id, context)).resolves.toBe(outcome);
    expect(await hasKey(id)).toBe(false);
  });

  it('an erasure is answered as ever where that passes in a moment', async () => {
    const id = await subject(keys.idOf(organizationId, 'b'));
    await breakKeys();
    outcome = accepted();
    const erasing = writer.erase(id, context);
    await mendKeys();
    await expect(erasing).resolves.toBe(outcome);
    expect(await hasKey(id)).toBe(false);
  });

  it('an erasure destroys nothing in a dry run, and nothing of what was refused for another reason', async () => {
    const id = await subject(keys.idOf(organizationId, 'c'));
    outcome = accepted();
    await writer.erase(id, { ...context, dryRun: true });
    outcome = { kind: 'refused', refusal: { code: 'data_subject_not_found' } } as unknown as CommandOutcome;
    await writer.erase(id, context);
    expect(await hasKey(id)).toBe(true);
  });

  it('only what a damaged key was of is withheld', async () => {
    const [damaged, sound] = [
      await subject(keys.idOf(organizationId, 'd')),
      await subject(keys.idOf(organizationId, 'e')),
    ];
    await db.query(
      `update privacy.subject_keys set wrapped = set_byte(wrapped, 20, get_byte(wrapped, 20) # 1) where id = $1`,
      [damaged],
    );
    const found = await keys.select(organizationId, [damaged, sound]);
    expect(found.get(damaged)).toEqual({ id: damaged, key: undefined });
    expect(found.get(sound)?.key).toHaveLength(32);
  });
});
