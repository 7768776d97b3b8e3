import { startEmbeddedPostgres } from '@fintech-ledger/embedded-postgres';
import { PostgresEventStore } from '@fintech-ledger/event-store';
import { connect, migrate } from '@fintech-ledger/postgres';
import { testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { embeddedPid, openEmbedded } from './support/embedded-database';
import { repositoryRoot, UpProcess } from './support/up-process';
import { documentedFetch } from './support/documented-fetch';
import { HttpSpec } from './support/http-spec';
import { PaymentsHttp } from './support/payments/payments-http';

jest.setTimeout(120_000);
const isRoot = process.geteuid?.() === 0;

describe('npm run up', () => {
  let parent: string;
  let folder: string;
  const started: UpProcess[] = [];
  const mounts: string[] = [];

  beforeEach(async () => {
    parent = await mkdtemp(path.join(os.tmpdir(), 'up-'));
    folder = path.join(parent, 'data');
  });
  afterEach(async () => {
    await Promise.all(started.splice(0).map((up) => up.end()));
    await stopOrphan(folder);
    for (const mount of mounts.splice(0)) spawnSync('umount', [mount]);
    await rm(parent, { recursive: true, force: true });
  });

  function up(
    parameters: readonly string[] = [],
    environment: Readonly<Record<string, string>> = {},
  ): UpProcess {
    const process = new UpProcess(['--port', '0', '--data-dir', folder, ...parameters], environment);
    started.push(process);
    return process;
  }
  async function onDatabase(statement: string): Promise<object[]> {
    const db = await openEmbedded(folder);
    try {
      return (await db.query(statement)).rows;
    } finally {
      await db.close();
    }
  }
  async function request(
    url: string,
    key: string,
    method: string,
    route: string,
  ): Promise<{ data?: readonly { id: string; last4: string }[]; code?: string }> {
    const answer = await documentedFetch(`${url}${route}`, {
      method,
      headers: { authorization: `Bearer ${key}` },
    });
    return (await answer.json()) as object;
  }
  const answers = async (url: string): Promise<boolean> => (await documentedFetch(`${url}/health/live`)).ok;
  const isAlive = (pid: number): boolean => spawnSync('kill', ['-0', String(pid)]).status === 0;

  describe('starting and stopping', () => {
    it('prints exactly one JSON line, for its owner only, and SIGTERM stops all of it', async () => {
      const first = up();
      const announced = await first.ready();
      expect(Object.keys(announced)).toEqual(['url', 'api_key', 'sandbox_api_key', 'data_dir', 'pid']);
      expect(announced.data_dir).toBe(folder);
      expect(await answers(announced.url)).toBe(true);
      for (const secret of ['api-key', 'sandbox-api-key', 'api-key-pepper']) {
        expect((await stat(path.join(folder, secret))).mode & 0o777).toBe(0o600);
      }
      expect((await stat(folder)).mode & 0o777).toBe(0o700);
      const postgres = await embeddedPid(folder);
      process.kill(announced.pid, 'SIGTERM');
      expect(await first.ended).toBe(0);
      expect(first.stdout.trimEnd().split('\n')).toHaveLength(1);
      expect(isAlive(postgres)).toBe(false);
    });

    it('makes a live organization and one sandbox, and a key of each', async () => {
      const { url, api_key: live, sandbox_api_key: sandbox } = await up().ready();
      expect([live, sandbox]).toEqual([
        expect.stringMatching(/^sk_live_/),
        expect.stringMatching(/^sk_test_/),
      ]);
      expect((await request(url, live, 'GET', '/v1/sandboxes')).data).toMatchObject([
        { name: 'Sandbox', livemode: false },
      ]);
      expect((await request(url, sandbox, 'GET', '/v1/sandboxes')).data).toEqual([]);
    });

    it('shows a payer the page of 3-D Secure at the port that it took', async () => {
      const { url, sandbox_api_key: key } = await up().ready();
      const sandbox = new PaymentsHttp(new HttpSpec(url, key, ''), key);
      const id = await sandbox.pay('pm_card_threeDSecure2Required', { return_url: 'https://shop.example/' });
      const { next_action: next } = await sandbox.get(`/v1/payments/${id}`);
      const link = (next as { redirect_to_url: { url: string } }).redirect_to_url.url;
      expect(new URL(link).port).toBe(new URL(url).port);
      expect((await documentedFetch(link)).status).toBe(200);
    });

    it('keeps data and key over Ctrl-C and a new start', async () => {
      const first = up();
      const before = await first.ready();
      await onDatabase('create table kept as select 1 as one');
      expect(await first.end('SIGINT')).toBe(0);
      const after = await up().ready();
      expect(after.api_key).toBe(before.api_key);
      expect(after.sandbox_api_key).toBe(before.sandbox_api_key);
      expect(await onDatabase('select one from kept')).toEqual([{ one: 1 }]);
    });

    it('goes on after a kill -9 of itself, of Postgres, and of both at once', async () => {
      const first = up();
      const { api_key: key } = await first.ready();
      await onDatabase('create table kept as select 1 as one');
      await first.end('SIGKILL');

      const second = up();
      expect((await second.ready()).api_key).toBe(key);
      const postgres = await embeddedPid(folder);
      process.kill(postgres, 'SIGKILL');
      await replaced(postgres);
      expect(await onDatabase('select one from kept')).toEqual([{ one: 1 }]);
      expect(await answers((await second.ready()).url)).toBe(true);

      process.kill(await embeddedPid(folder), 'SIGKILL');
      await second.end('SIGKILL');
      expect((await up().ready()).api_key).toBe(key);
      expect(await onDatabase('select one from kept')).toEqual([{ one: 1 }]);
    });

    it('stops when it is told to while it is still starting, and leaves a folder that can be used', async () => {
      const first = up();
      while (!(await readdir(folder).catch((): string[] => [])).includes('lock')) await delay(5);
      expect(await first.end()).toBe(0);
      expect(first.stdout).toBe('');
      expect((await readdir(folder)).includes('lock')).toBe(false);
      await up().ready();
    });

    it('runs as a role that may only add events, also in a folder that had one role', async () => {
      // As an earlier version left it: one role, the tables of its time, and no second password.
      await mkdir(folder);
      await writeFile(path.join(folder, 'fintech-ledger.json'), '{"layout":1}\n');
      const server = await startEmbeddedPostgres({
        directory: path.join(folder, 'postgres'),
        durable: false,
      });
      const before = connect({ connectionString: server.url, max: 2, statementTimeoutMs: 30_000 });
      const schemas = path.join(repositoryRoot, 'schemas', 'sql');
      const old = path.join(parent, 'sql');
      for (const name of await readdir(schemas))
        if (name < '0007') await cp(path.join(schemas, name), path.join(old, name));
      await migrate(before, old);
      const kept = { id: randomUUID(), type: 'Kept', data: '{"kept":true}', metadata: '{}' };
      await new PostgresEventStore({ database: before }).append('kept', 'no_stream', [kept]);
      await before.close();
      await server.stop();
      await rm(path.join(folder, 'postgres', 'application-password'));

      const { url, api_key: key } = await up().ready();
      expect(await request(url, key, 'GET', '/v1/api_keys')).toHaveProperty('data');
      const connections = await onDatabase(
        `select distinct usename as role from pg_stat_activity where application_name like 'fintech-ledger%'`,
      );
      expect(connections).toEqual([{ role: 'ledger_app' }]);
      expect(await onDatabase(`select data from store.events where type = 'Kept'`)).toEqual([
        { data: kept.data },
      ]);
      await expect(onDatabase(`update store.events set data = '{}'`)).rejects.toThrow(/is only added to/);
      for (const name of ['password', 'application-password'])
        expect((await stat(path.join(folder, 'postgres', name))).mode & 0o777).toBe(0o600);
    });

    it('makes a new first key in place of one that was revoked, once its file is gone', async () => {
      const keys: string[] = [];
      for (let start = 1; start <= 2; start += 1) {
        const running = up();
        const { url, api_key: key } = await running.ready();
        keys.push(key);
        const { data = [] } = await request(url, key, 'GET', '/v1/api_keys');
        const id = data.find(({ last4 }) => key.endsWith(last4))?.id;
        expect(await request(url, key, 'POST', `/v1/api_keys/${id}/revoke`)).toMatchObject({ id });
        // Within a second.
        await delay(1_000);
        expect((await request(url, key, 'GET', '/v1/ledgers')).code).toBe('unauthenticated');
        await running.end();
        // As long as the file is there, a start shows what is in it.
        const again = up();
        expect((await again.ready()).api_key).toBe(key);
        await again.end();
        await rm(path.join(folder, 'api-key'));
      }
      const { url, api_key: key } = await up().ready();
      expect(new Set([...keys, key]).size).toBe(3);
      expect(await request(url, key, 'GET', '/v1/ledgers')).toMatchObject({ data: [] });
    });

    it('does not print the key when it is told so', async () => {
      const hiding = up(['--hide-key']);
      const announced = await hiding.ready();
      const names = ['api-key', 'sandbox-api-key'];
      const keys = await Promise.all(names.map((name) => readFile(path.join(folder, name), 'utf8')));
      expect(announced).toMatchObject({
        api_key_file: path.join(folder, 'api-key'),
        sandbox_api_key_file: path.join(folder, 'sandbox-api-key'),
      });
      await hiding.end();
      for (const key of keys) expect(hiding.stdout + hiding.stderr).not.toContain(key.trim());
    });

    it('does the same through npm', async () => {
      const parameters = ['run', '-s', 'up', '--', '--json', '--port', '0', '--data-dir', folder];
      const child = spawn('npm', parameters, { cwd: repositoryRoot, stdio: ['ignore', 'pipe', 'ignore'] });
      let stdout = '';
      child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
      const ended = new Promise((resolve) => child.once('close', resolve));
      while (!stdout.includes('\n') && child.exitCode === null) await delay(20);
      const { pid } = JSON.parse(stdout) as { pid: number };
      process.kill(pid, 'SIGTERM');
      await ended;
      expect(stdout.trimEnd().split('\n')).toHaveLength(1);
      expect(isAlive(pid)).toBe(false);
    });
  });

  describe('what it refuses, in one sentence, with nothing damaged', () => {
    const refuses = async (process: UpProcess, sentence: RegExp): Promise<void> => {
      const failure = await process.failure();
      expect(failure.sentence).toMatch(sentence);
      expect(failure.code).toBe(1);
      expect(failure.stdout).toBe('');
    };

    it('a second start on the same folder; the first goes on', async () => {
      const first = await up().ready();
      await refuses(up(), new RegExp(`is in use by another fintech-ledger \\(process ${first.pid}\\)`));
      expect(await answers(first.url)).toBe(true);
    });

    it('of many starts at once on one folder, all but one', async () => {
      const all = [up(), up(), up(), up()];
      const outcomes = await Promise.all(
        all.map((one) =>
          one.ready().then(
            () => 'ready',
            () => 'refused',
          ),
        ),
      );
      expect(outcomes.sort()).toEqual(['ready', 'refused', 'refused', 'refused']);
    });

    it('a taken port', async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      await refuses(up(['--port', String(port)]), new RegExp(`^Port ${port} of 127.0.0.1 is taken`));
      await new Promise((resolve) => server.close(resolve));
      await up().ready();
    });

    it('a folder with a layout of a newer version', async () => {
      await mkdir(folder);
      await writeFile(path.join(folder, 'fintech-ledger.json'), '{"layout":2}');
      await refuses(up(), /was written by a newer version of fintech-ledger/);
      expect(await readdir(folder)).toEqual(['fintech-ledger.json']);
    });

    it('a database that a newer version has migrated', async () => {
      const first = up();
      await first.ready();
      await onDatabase(`insert into meta.migrations values (9999, '9999-future', 'x')`);
      await first.end();
      await refuses(up(), /was migrated by a newer version of fintech-ledger \(it has 9999-future\)/);
    });

    it('a folder that holds something else', async () => {
      await mkdir(folder);
      await writeFile(path.join(folder, 'thesis.txt'), 'mine');
      await refuses(up(), /is not empty \(thesis.txt\) and is not a fintech-ledger data folder/);
      expect(await readdir(folder)).toEqual(['thesis.txt']);
    });

    it('a file in the place of the folder', async () => {
      await writeFile(folder, 'mine');
      await refuses(up(), /it is a file|a part of its path is a file/);
    });

    it('a wrong pepper', async () => {
      const first = up();
      await first.ready();
      await first.end();
      const other = up([], { API_KEY_PEPPER: 'x'.repeat(32) });
      await refuses(other, /was set up with another API key pepper than API_KEY_PEPPER has/);
      await rm(path.join(folder, 'api-key-pepper'));
      await refuses(up(), /was set up with another API key pepper/);
      expect(await readdir(folder)).not.toContain('api-key-pepper');
    });

    it('a configuration that is not valid, naming the variable', async () => {
      await refuses(up(['--port', 'http']), /PORT must be a whole number from 0 to 65535, it is "http"/);
      await refuses(up([], { LOG_LEVEL: 'loud' }), /LOG_LEVEL must be one of/);
    });
  });

  (isRoot ? describe : describe.skip)('on a file system of its own', () => {
    function mount(...options: readonly string[]): boolean {
      const { status } = spawnSync('mount', ['-t', 'tmpfs', ...options, 'tmpfs', folder]);
      if (status === 0) mounts.push(folder);
      return status === 0;
    }
    beforeEach(() => mkdir(folder));

    it('refuses a full disk on the first start', async () => {
      expect(mount('-o', 'size=20m')).toBe(true);
      const { code, sentence } = await up().failure();
      expect({ code, sentence }).toEqual({
        code: 1,
        sentence: expect.stringMatching(/^The disk of the data folder .* is full/),
      });
      expect(await readdir(folder)).toEqual([]);
    });

    it('refuses a disk that has become full, and goes on once there is room', async () => {
      expect(mount('-o', 'size=400m')).toBe(true);
      const first = up();
      await first.ready();
      await onDatabase('create table kept as select 1 as one');
      await first.end();
      spawnSync('dd', ['if=/dev/zero', `of=${path.join(folder, 'ballast')}`, 'bs=1M']);
      const { code, sentence } = await up().failure();
      expect({ code, sentence }).toEqual({
        code: 1,
        sentence: expect.stringMatching(/^The disk of the data folder .* is full/),
      });
      await rm(path.join(folder, 'ballast'));
      await up().ready();
      expect(await onDatabase('select one from kept')).toEqual([{ one: 1 }]);
    });

    it('refuses a read-only folder', async () => {
      expect(mount('-o', 'ro')).toBe(true);
      const { code, sentence } = await up().failure();
      expect({ code, sentence }).toEqual({
        code: 1,
        sentence: expect.stringMatching(/is on a read-only file system/),
      });
    });
  });

  (isRoot ? it.skip : it)('refuses a folder that it may not write', async () => {
    await mkdir(folder);
    await chmod(folder, 0o500);
    const { code, sentence } = await up().failure();
    expect({ code, sentence }).toEqual({
      code: 1,
      sentence: expect.stringMatching(/may not be (read or written|changed)/),
    });
  });

  describe('with DATABASE_URL', () => {
    let database: TestDatabase;
    beforeAll(async () => {
      database = await testDatabase();
    });
    afterAll(() => database.drop());

    it('uses that database and starts none of its own', async () => {
      const announced = await up([], { DATABASE_URL: database.url }).ready();
      expect(await answers(announced.url)).toBe(true);
      expect(await readdir(folder)).not.toContain('postgres');
      expect(await readFile(path.join(folder, 'api-key'), 'utf8')).toBe(`${announced.api_key}\n`);
    });

    it.each([
      ['mysql://u@h/d', /DATABASE_URL must be a URL like postgresql:/],
      ['postgresql://u:secret@127.0.0.1:1/d', /^The database of DATABASE_URL can't be used: .*ECONNREFUSED/],
      [
        'postgresql://u:secret@no-such-host.invalid/d',
        /^The database of DATABASE_URL can't be used: .*no-such-host/,
      ],
    ])('refuses %s without showing its password', async (url, sentence) => {
      const failure = await up([], { DATABASE_URL: url }).failure();
      expect(failure.code).toBe(1);
      expect(failure.sentence).toMatch(sentence);
      expect(failure.sentence).not.toContain('secret');
    });

    it('refuses a wrong password and a database that is not there', async () => {
      const wrong = up([], { DATABASE_URL: database.url.replace(/:[^:@]+@/, ':wrong@') });
      expect((await wrong.failure()).sentence).toMatch(/^The database of DATABASE_URL refuses the password/);
      const missing = up([], { DATABASE_URL: database.url.replace(/test_[0-9a-f]+/, 'nowhere') });
      expect((await missing.failure()).sentence).toMatch(/^The database of DATABASE_URL does not exist/);
    });
  });

  async function replaced(pid: number): Promise<void> {
    while ((await embeddedPid(folder).catch(() => pid)) === pid) await delay(20);
    for (const deadline = Date.now() + 20_000; ; await delay(50)) {
      try {
        await onDatabase('select 1');
        return;
      } catch (error) {
        if (Date.now() > deadline) throw error;
      }
    }
  }

  async function stopOrphan(dataFolder: string): Promise<void> {
    const pid = await embeddedPid(dataFolder).catch(() => undefined);
    if (pid === undefined || !(await readlink(`/proc/${pid}/cwd`).catch(() => '')).startsWith(dataFolder))
      return;
    process.kill(pid, 'SIGQUIT');
    while (isAlive(pid)) await delay(20);
  }
});
