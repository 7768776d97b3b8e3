import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

export interface Migration {
  readonly number: number;
  /** The file's name without `.sql`, such as `0001-event-store`. */
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file, hex. */
  readonly checksum: string;
}

/** Reads the files `NNNN-name.sql` of a folder, in the order of their numbers. @throws Error two files have one number */
export async function readMigrations(directory: string): Promise<readonly Migration[]> {
  const names = (await readdir(directory)).filter((name) => /^\d{4}-.+\.sql$/.test(name)).sort();
  const migrations = await Promise.all(
    names.map(async (file): Promise<Migration> => {
      const sql = await readFile(path.join(directory, file), 'utf8');
      const checksum = createHash('sha256').update(sql).digest('hex');
      return { number: Number(file.slice(0, 4)), name: file.slice(0, -4), sql, checksum };
    }),
  );
  migrations.forEach((migration, index) => {
    const next = migrations[index + 1];
    if (next?.number === migration.number)
      throw new Error(`${migration.name} and ${next.name} have the same number`);
  });
  return migrations;
}
