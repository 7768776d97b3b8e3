import { writeSecret } from '@fintech-ledger/installation';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** The first API key, kept in the data folder (mode 0600) so that later starts can show it; made when it is not there. */
export async function firstApiKey(folder: string, create: () => Promise<string>): Promise<string> {
  const file = path.join(folder, 'api-key');
  const kept = (await readFile(file, 'utf8').catch(() => '')).trim();
  if (kept !== '') return kept;
  const created = await create();
  await writeSecret(file, created);
  return created;
}
