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

  const verify = (): Promise<void> => verifyDatabase(openedStore(parts));
  const made = async (path: string, body: object): Promise<string> =>
    String((await http.when({ path, body }).thenAccepted()).json['id']);
  const subjectOf = (customer: string): string => `sub_${customer.slice('cus_'.length)}`;

  beforeAll(async () => {
    jest.spyOn(console, 'log').mockImplementation(() => undefined);
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
    const found = await verify().then(
      () => '',
      (error: unknown) => (error as Error).message,
    );
    expect(found).toMatch(/^the keys of 1 data subjects are lost, who are not erased: /u);
    expect(found).toContain(subjectOf(lost));
    for (const other of [subjectOf(kept), subjectOf(erased), 'sub_nobody'])
      expect(found).not.toContain(other);
  });
});
