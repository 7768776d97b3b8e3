import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { spawn } from 'node:child_process';
import {
  chmod,
  chown,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedPostgresFailed } from './errors';
import { isAlive, readPostmasterPid } from './postmaster-pid';
import { startEmbeddedPostgres } from './start';
import type { EmbeddedPostgres, EmbeddedPostgresOptions } from './start';

const isRoot = process.geteuid?.() === 0;

describe('startEmbeddedPostgres', () => {
  let folder: string;
  const running: EmbeddedPostgres[] = [];
  const databases: Database[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'embedded-'));
    await chmod(folder, 0o755);
  });
  afterEach(async () => {
    await Promise.all(databases.splice(0).map((db) => db.close()));
    await Promise.all(running.splice(0).map((server) => server.stop()));
    await rm(folder, { recursive: true, force: true });
  });

  async function start(options: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
    const server = await startEmbeddedPostgres({
      directory: path.join(folder, 'postgres'),
      ...options,
    });
    running.push(server);
    return server;
  }
  function open(server: EmbeddedPostgres): Database {
    const db = connect({ connectionString: server.url, max: 2, statementTimeoutMs: 30_000 });
    databases.push(db);
    return db;
  }
  /** As an application does after DatabaseUnavailable: again, until it is back. */
  async function untilAnswered(db: Database, statement: string): Promise<object[]> {
    for (const deadline = Date.now() + 15_000; ; await delay(50)) {
      try {
        return (await db.query(statement)).rows;
      } catch (error) {
        if (Date.now() > deadline) throw error;
      }
    }
  }
  /** A session of a killed server may answer once more before it notices, so the new process is waited for. */
  async function untilReplaced(server: EmbeddedPostgres, pid: number): Promise<void> {
    while (server.pid() === pid) await delay(20);
  }
  const dataFolder = (): string => path.join(folder, 'postgres', 'cluster', 'data');

  it('commits durably, asks for the password, and is nowhere on the network', async () => {
    const db = open(await start());
    const names = ['fsync', 'synchronous_commit', 'full_page_writes', 'listen_addresses', 'server_encoding'];
    const { rows } = await db.query(
      `select name, setting from pg_settings where name = any(string_to_array($1, ',')) order by name`,
      [names.join(',')],
    );
    expect(Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))).toEqual({
      fsync: 'on',
      full_page_writes: 'on',
      listen_addresses: '',
      server_encoding: 'UTF8',
      synchronous_commit: 'on',
    });
    const wrong = connect({
      connectionString: (running[0]?.url ?? '').replace(/:[^:@]+@/, ':wrong@'),
      statementTimeoutMs: 30_000,
    });
    databases.push(wrong);
    await expect(wrong.query('select 1')).rejects.toMatchObject({ sqlState: '28P01' });
  });

  it('keeps its data over a restart', async () => {
    const first = await start();
    const db = open(first);
    await db.query('create table kept as select 1 as one');
    await db.close();
    await first.stop();
    expect(isAlive(first.pid())).toBe(false);
    expect((await open(await start()).query('select one from kept')).rows).toEqual([{ one: 1 }]);
  });

  it('is started again when it is killed, at the same place, with all that was committed', async () => {
    const messages: string[] = [];
    const server = await start({ log: (message) => messages.push(message) });
    const db = open(server);
    await db.query('create table kept as select 1 as one');
    for (const round of [1, 2, 3]) {
      const pid = server.pid();
      process.kill(pid, 'SIGKILL');
      await untilReplaced(server, pid);
      expect(await untilAnswered(db, `select one, ${round} as round from kept`)).toEqual([{ one: 1, round }]);
    }
    expect(messages).toContain('Postgres ended unexpectedly; starting it again');
  });

  it('listens on 127.0.0.1 alone where there is no Unix socket, also after a kill', async () => {
    const server = await start({ preferTcp: true });
    const db = open(server);
    expect((await db.query('show listen_addresses')).rows).toEqual([{ listen_addresses: '127.0.0.1' }]);
    process.kill(server.pid(), 'SIGKILL');
    expect(await untilAnswered(db, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('takes over a server that a killed process left running, and supervises it', async () => {
    const orphan = await startEmbeddedPostgres({
      directory: path.join(folder, 'postgres'),
      keepRunning: false,
    });
    const messages: string[] = [];
    const server = await start({ log: (message) => messages.push(message) });
    expect(server.pid()).toBe(orphan.pid());
    expect(server.url).toBe(orphan.url);
    expect(messages).toEqual(['took over the Postgres that an earlier process left running']);
    const db = open(server);
    await db.query('select 1');
    process.kill(server.pid(), 'SIGKILL');
    await untilReplaced(server, orphan.pid());
    expect(await untilAnswered(db, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('replaces a server that was left running with other settings', async () => {
    const orphan = await startEmbeddedPostgres({
      directory: path.join(folder, 'postgres'),
      keepRunning: false,
      durable: false,
    });
    const server = await start();
    expect(server.pid()).not.toBe(orphan.pid());
    expect((await open(server).query('show fsync')).rows).toEqual([{ fsync: 'on' }]);
  });

  it('is not stopped by a postmaster.pid whose number belongs to something else now', async () => {
    const first = await start();
    const written = await readFile(path.join(dataFolder(), 'postmaster.pid'), 'utf8');
    await first.stop();
    const stranger = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], { stdio: 'ignore' });
    try {
      await writeFile(
        path.join(dataFolder(), 'postmaster.pid'),
        written.replace(/^\d+/, String(stranger.pid)),
      );
      await open(await start()).query('select 1');
      expect(stranger.exitCode).toBeNull();
    } finally {
      stranger.kill('SIGKILL');
    }
  });

  it('recreates a cluster when the first start was cut off', async () => {
    await mkdir(path.join(folder, 'postgres', 'cluster', 'data.new', 'base'), { recursive: true });
    await open(await start()).query('select 1');
  });

  it('refuses data of a newer Postgres and leaves it as it is', async () => {
    await (await start()).stop();
    await writeFile(path.join(dataFolder(), 'PG_VERSION'), '99\n');
    await expect(start()).rejects.toMatchObject({ name: 'EmbeddedPostgresFailed', reason: 'newer_version' });
    await writeFile(path.join(dataFolder(), 'PG_VERSION'), '18\n');
    await open(await start()).query('select 1');
  });

  it('says so when the data is damaged', async () => {
    await (await start()).stop();
    await rm(path.join(dataFolder(), 'global', 'pg_control'));
    await expect(start()).rejects.toThrow(EmbeddedPostgresFailed);
  });

  (isRoot ? describe : describe.skip)('as root', () => {
    it('runs the server as another user, who owns the cluster and nothing else', async () => {
      const server = await start();
      const { uid } = await stat(`/proc/${server.pid()}`);
      expect(uid).not.toBe(0);
      expect((await stat(dataFolder())).uid).toBe(uid);
      expect((await stat(folder)).uid).toBe(0);
      expect((await stat(path.join(folder, 'postgres', 'password'))).mode & 0o777).toBe(0o600);
    });

    it('takes over a cluster that root restored from a backup', async () => {
      const first = await start();
      await open(first).query('create table kept as select 1 as one');
      await Promise.all(databases.splice(0).map((db) => db.close()));
      await first.stop();
      // As `cp -r` or `tar -x` by root leaves it.
      for (const entry of [...(await readdir(dataFolder(), { recursive: true })), '.'])
        await chown(path.join(dataFolder(), entry), 0, 0);

      const second = await start();
      expect(await open(second).query('select one from kept')).toMatchObject({ rows: [{ one: 1 }] });
    });

    it('runs it in a folder that its user could not walk to, and leaves the way closed', async () => {
      await chmod(folder, 0o700);
      const first = await start();
      const db = open(first);
      await db.query('create table kept as select 1 as one');
      expect((await stat(folder)).mode & 0o777).toBe(0o700);
      process.kill(first.pid(), 'SIGKILL');
      await untilReplaced(first, first.pid());
      expect(await untilAnswered(db, 'select one from kept')).toEqual([{ one: 1 }]);
      await first.stop();

      const orphan = await startEmbeddedPostgres({
        directory: path.join(folder, 'postgres'),
        keepRunning: false,
      });
      const second = await start();
      expect(second.pid()).toBe(orphan.pid());
      expect(await open(second).query('select one from kept')).toMatchObject({ rows: [{ one: 1 }] });
    });
  });

  it('reads no half-written postmaster.pid', async () => {
    await writeFile(path.join(folder, 'postmaster.pid'), '');
    expect(await readPostmasterPid(folder)).toBeUndefined();
    await symlink('/nowhere', path.join(folder, 'link'));
    expect(await readPostmasterPid(path.join(folder, 'link'))).toBeUndefined();
  });
});
