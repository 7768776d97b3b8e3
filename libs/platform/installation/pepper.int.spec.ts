import { connect } from '@fintech-ledger/postgres';
import type { Database } from '@fintech-ledger/postgres';
import { testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { createHmac, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { loadInstallation } from './installation';
import { findPepper, loadPepper } from './pepper';
import { StartupFailed } from './startup-failed';

let testing: TestDatabase;
let db: Database;
let folder: string;
const warnings: string[] = [];
const log = { warn: (text: unknown) => void warnings.push(String(text)) };

beforeEach(async () => {
  testing = await testDatabase();
  db = connect({ connectionString: testing.url, max: 1, statementTimeoutMs: 30_000 });
  folder = await mkdtemp(path.join(os.tmpdir(), 'pepper-'));
  await loadInstallation(db, undefined);
  warnings.length = 0;
});
afterEach(async () => {
  await db.close();
  await testing.drop();
  await rm(folder, { recursive: true });
});

const weak = 'changeme-please'.repeat(3);
const strong = randomBytes(32).toString('hex');
/** As a release left it that took any pepper. */
const inUse = (pepper: string): Promise<unknown> =>
  db.query('update meta.installation set pepper_fingerprint = $1', [
    createHmac('sha256', pepper).update('fintech-ledger api key pepper').digest('hex').slice(0, 32),
  ]);

describe('the pepper', () => {
  it('is made at random where none is given, and kept for its owner alone', async () => {
    const pepper = await loadPepper(db, folder, undefined, log as never);
    expect(Buffer.from(pepper, 'base64url')).toHaveLength(32);
    expect(await loadPepper(db, folder, undefined, log as never)).toBe(pepper);
    expect((await stat(path.join(folder, 'api-key-pepper'))).mode & 0o777).toBe(0o600);
    expect(warnings).toEqual([]);
  });

  it('is refused where it can be guessed and nothing rests on it yet', async () => {
    await expect(loadPepper(db, folder, weak, log as never)).rejects.toThrow(StartupFailed);
    await expect(loadPepper(db, folder, weak, log as never)).rejects.toThrow(/can be guessed/);
    expect(await loadPepper(db, folder, strong, log as never)).toBe(strong);
    expect(await readdir(folder)).toEqual([]);
  });

  it('that can be guessed is taken where it is in use, with a warning', async () => {
    await inUse(weak);
    expect(await loadPepper(db, folder, weak, log as never)).toBe(weak);
    expect(warnings).toEqual([expect.stringMatching(/can be guessed/)]);
    // It is a secret all the same.
    expect(warnings.join()).not.toContain(weak);
  });

  it('is that of the database, and no other one', async () => {
    await inUse(strong);
    await expect(loadPepper(db, folder, `${strong}0`, log as never)).rejects.toThrow(
      /another API key pepper/,
    );
    await expect(loadPepper(db, folder, undefined, log as never)).rejects.toThrow(/another API key pepper/);
    expect(await readdir(folder)).toEqual([]);
    expect(await loadPepper(db, folder, strong, log as never)).toBe(strong);
    expect(warnings).toEqual([]);
  });
});

it('is found by who only reads, where it is that of the database; another one that is set is refused', async () => {
  const other = await mkdtemp(path.join(os.tmpdir(), 'pepper-'));
  expect(await findPepper(db, folder, undefined)).toBeUndefined();
  expect(await readdir(folder)).toEqual([]);
  const pepper = await loadPepper(db, folder, undefined, log as never);
  expect(await findPepper(db, folder, undefined)).toBe(pepper);
  expect(await findPepper(db, other, pepper)).toBe(pepper);
  await writeFile(path.join(other, 'api-key-pepper'), 'another pepper of at least 32 characters');
  expect(await findPepper(db, other, undefined)).toBeUndefined();
  await expect(findPepper(db, folder, `${pepper}x`)).rejects.toThrow(StartupFailed);
  await rm(other, { recursive: true });
});
