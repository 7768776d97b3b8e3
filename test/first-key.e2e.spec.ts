import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DistributedSet } from './support/distributed-set';
import { LedgerClient } from './support/ledger-client';
import { temporaryFolder } from './support/standalone-process';

jest.setTimeout(180_000);

/** As an api has it that starts, without what it makes later. */
interface ApiKeys {
  readonly data: readonly {
    readonly id: string;
    readonly last4: string;
    readonly revoked_at: string | null;
  }[];
}

describe('the first API key of a distributed set', () => {
  let set: DistributedSet;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;

  beforeAll(async () => {
    folder = await temporaryFolder();
    set = await DistributedSet.start();
  });
  afterAll(async () => {
    await set?.close();
    await folder?.remove();
  });

  /** Stops the api, and starts it again. Returns the key that it shows. */
  const restarted = async (
    environment: Readonly<Record<string, string>> = {},
  ): Promise<string | undefined> => {
    await set.apps.get('api')?.stop();
    Object.assign(set.environment, environment);
    return (await set.add('api')).ready['api_key'];
  };
  const client = (key: string): LedgerClient =>
    new LedgerClient(set.apps.get('api')?.ready['url'] ?? '', key);

  it('comes with that of a sandbox, which is made once, too', async () => {
    const sandbox = set.apps.get('api')?.ready['sandbox_api_key'] ?? '';
    expect(sandbox).toMatch(/^sk_test_/);
    const asking = client(sandbox);
    expect((await asking.ask('/v1/ledgers')).status).toBe(200);
    await asking.close();
    await restarted();
    expect(set.apps.get('api')?.ready['sandbox_api_key']).toBeUndefined();
  });

  it('is made once, whatever becomes of it, and whatever idempotency keys clients use', async () => {
    const first = set.apiKey;
    // Only the start that makes it can show it.
    expect(await restarted()).toBeUndefined();
    let admin = '';
    const burn = client(first);
    for (const key of ['first-api-key-1', 'first-api-key-2', 'first-api-key-3']) {
      const made = await burn.accepted<{ key: string }>('/v1/api_keys', { name: key, scopes: ['*'] }, key);
      admin = made.key;
    }
    const keys = async (): Promise<ApiKeys['data']> => {
      const asking = client(admin);
      const { data } = await asking.get<ApiKeys>('/v1/api_keys?limit=100');
      await asking.close();
      return data;
    };
    const id = (await keys()).find(({ last4 }) => first.endsWith(last4))?.id;
    expect((await burn.post(`/v1/api_keys/${id}/revoke`, {})).status).toBe(200);
    await burn.close();

    expect(await restarted()).toBeUndefined();
    // A folder that never had it asks for no other one.
    const empty = path.join(folder.path, 'empty');
    expect(await restarted({ DATA_DIR: empty })).toBeUndefined();
    expect(await keys()).toHaveLength(4);

    // Who had it, and removed its file, does.
    const had = path.join(folder.path, 'had');
    await mkdir(had);
    await writeFile(path.join(had, 'api-key.made'), 'x');
    await restarted({ DATA_DIR: had });
    const next = (await readFile(path.join(had, 'api-key'), 'utf8')).trim();
    expect(next).not.toBe(first);
    const asking = client(next);
    expect((await asking.ask('/v1/ledgers')).status).toBe(200);
    await asking.close();
    expect(await keys()).toHaveLength(5);
  });
});
