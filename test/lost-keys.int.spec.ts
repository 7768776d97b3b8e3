import { verifyDatabase } from '../apps/ledgerctl/src/verify-database';
import { HttpSpec } from './support/http-spec';
import { openedStore } from './support/opened-store';
import { startParts } from './support/parts-in-process';
import type { PartsInProcess } from './support/parts-in-process';

jest.setTimeout(120_000);

/** A restore of a backup in which the table of keys is older than the events. */
describe('ledgerctl verify --database, where keys of personal values are lost', () => {
  let parts: PartsInProcess;
  let http: HttpSpec;
  let said: jest.SpyInstance;

  const verify = (): Promise<void> => verifyDatabase(openedStore(parts));
  const fault = (): Promise<string> =>
    verify().then(
      () => '',
      (error: unknown) => (error as Error).message,
    );
  const made = async (path: string, body: object): Promise<string> =>
    String((await http.when({ path, body }).thenAccepted()).json['id']);
  const subjectOf = (customer: string): string => `sub_${customer.slice('cus_'.length)}`;

  beforeAll(async () => {
    said = jest.spyOn(console, 'log').mockImplementation(() => undefined);
    parts = await startParts('embedded');
    http = new HttpSpec(parts.url, parts.apiKey, '');
  });
  afterAll(async () => {
    await parts?.close();
    jest.restoreAllMocks();
  });

  it('names whose they are, and neither who was erased nor whom a client seems to name', async () => {
    const [kept, lost, erased] = [
      await made('/v1/customers', { name: 'Kept', email: 'kept@shop.example' }),
      await made('/v1/customers', { name: 'Lost', email: 'lost@shop.example' }),
      await made('/v1/customers', { name: 'Erased', email: 'erased@shop.example' }),
    ];
    await http.when({ method: 'DELETE', path: `/v1/customers/${erased}` }).thenAccepted();
    await made('/v1/ledgers', { name: 'books', description: 'sealed:1:customer.email:sub_nobody:AAAA' });
    await verify();
    await parts.database.query('delete from privacy.subject_keys where id = any ($1)', [
      [subjectOf(lost), subjectOf(erased)],
    ]);
    const found = await fault();
    expect(found).toMatch(/^the keys of 1 data subjects are lost, who are not erased: /u);
    expect(found).toContain(subjectOf(lost));
    for (const other of [subjectOf(kept), subjectOf(erased), 'sub_nobody'])
      expect(found).not.toContain(other);
  });

  it('names keys that do not open with their organizations, and says so where it can not open them', async () => {
    const id = subjectOf(await made('/v1/customers', { name: 'Damaged' }));
    const restored = 'restore the schema privacy';
    const before = await fault();
    const flip = (): Promise<unknown> =>
      parts.database.query(
        `update privacy.subject_keys set wrapped = set_byte(wrapped, 20, get_byte(wrapped, 20) # 1) where id = $1`,
        [id],
      );
    await flip();
    const { rows } = await parts.database.query<{ organization_id: string }>(
      'select organization_id from privacy.subject_keys where id = $1',
      [id],
    );
    const named = `the keys of 1 data subjects are damaged, they do not open: ${id} of ${rows[0]?.organization_id}. `;
    expect(await fault()).toContain(named);
    expect(await fault()).toContain(restored);
    const unopened = expect.stringContaining('the keys of personal values were not opened') as unknown;
    expect(said).not.toHaveBeenCalledWith(unopened);
    await verifyDatabase({ ...openedStore(parts), pepper: undefined }).catch(() => undefined);
    expect(said).toHaveBeenCalledWith(unopened);
    await flip();
    expect(await fault()).toBe(before);
    expect(said).toHaveBeenCalledWith(expect.stringMatching(/^all \d+ keys of personal values open$/u));
  });

  it('names a key whose row another organization has', async () => {
    const id = subjectOf(await made('/v1/customers', { name: 'Moved' }));
    expect(await fault()).not.toContain(id);
    await parts.database.query(
      `update privacy.subject_keys set organization_id = 'org_other' where id = $1`,
      [id],
    );
    expect(await fault()).toContain(id);
  });
});
