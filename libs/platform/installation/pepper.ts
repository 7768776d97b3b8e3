import type { Logger } from '@fintech-ledger/logging';
import type { Database, Sql } from '@fintech-ledger/postgres';
import { createHmac, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pepperWeakness } from './pepper-weakness';
import { StartupFailed } from './startup-failed';
import { writeSecret } from './write-secret';

/**
 * After `loadInstallation`: the secret that keys the HMACs of API keys: API_KEY_PEPPER, or a file of the data folder that the first start makes. The database
 * remembers its fingerprint, so that another one is told at once instead of every key being refused.
 * A weak one is taken where it is in use, with a warning.
 * @throws StartupFailed it is not the pepper of this database, or a new one and weak
 */
export async function loadPepper(
  db: Database,
  folder: string,
  given: string | undefined,
  log: Pick<Logger, 'warn'>,
): Promise<string> {
  const file = fileIn(folder);
  const kept = given ?? (await keptIn(folder));
  const known = await selectFingerprint(db);
  if (known !== undefined) {
    if (kept !== undefined && fingerprint(kept) === known) {
      const weakness = pepperWeakness(kept);
      if (weakness !== undefined) {
        log.warn(
          `The API key pepper ${weakness}: it can be guessed. Only a new installation can have another one.`,
        );
      }
      return kept;
    }
    throw another(given === undefined ? file : 'API_KEY_PEPPER');
  }
  const weakness = kept === undefined ? undefined : pepperWeakness(kept);
  if (weakness !== undefined) {
    const advice = 'Take a random one, such as the output of openssl rand -hex 32.';
    throw new StartupFailed(`The API key pepper ${weakness}: it can be guessed. ${advice}`);
  }
  const pepper = kept ?? randomBytes(32).toString('base64url');
  // The file first: a fingerprint of a pepper that nobody has would lock everybody out.
  if (kept === undefined) await writeSecret(file, pepper);
  await db.query('update meta.installation set pepper_fingerprint = $1 where pepper_fingerprint is null', [
    fingerprint(pepper),
  ]);
  if ((await selectFingerprint(db)) === fingerprint(pepper)) return pepper;
  throw new StartupFailed(
    'Another process set this database up at the same moment with another API key pepper: set API_KEY_PEPPER for both.',
  );
}

/**
 * The same pepper for who only reads: API_KEY_PEPPER, else the file of the folder, if it is that of this database.
 * Undefined: neither is there. @throws StartupFailed API_KEY_PEPPER is of another database
 */
export async function findPepper(
  db: Sql,
  folder: string,
  given: string | undefined,
): Promise<string | undefined> {
  const known = await selectFingerprint(db);
  const isOurs = (pepper: string): boolean => known === undefined || fingerprint(pepper) === known;
  if (given !== undefined) {
    if (isOurs(given)) return given;
    throw another('API_KEY_PEPPER');
  }
  const kept = await keptIn(folder);
  return kept !== undefined && isOurs(kept) ? kept : undefined;
}

const fileIn = (folder: string): string => path.join(folder, 'api-key-pepper');

async function keptIn(folder: string): Promise<string | undefined> {
  return (await readFile(fileIn(folder), 'utf8').catch(() => '')).trim() || undefined;
}

const another = (where: string): StartupFailed =>
  new StartupFailed(
    `The database was set up with another API key pepper than ${where} has: set API_KEY_PEPPER to that one, or copy the file api-key-pepper from the data folder of its first start.`,
  );

async function selectFingerprint(db: Sql): Promise<string | undefined> {
  const { rows } = await db.query<{ fingerprint: string | null }>(
    'select pepper_fingerprint as fingerprint from meta.installation',
  );
  return rows[0]?.fingerprint ?? undefined;
}

function fingerprint(pepper: string): string {
  return createHmac('sha256', pepper).update('fintech-ledger api key pepper').digest('hex').slice(0, 32);
}
