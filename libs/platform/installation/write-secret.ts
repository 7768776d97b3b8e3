import { randomBytes } from 'node:crypto';
import { open, rename } from 'node:fs/promises';

/** Writes a secret to a file of mode 0600, whole or not at all, and on the disk when this resolves. */
export async function writeSecret(file: string, secret: string): Promise<void> {
  // Of its own: processes that share a folder may write the same secret at once.
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  const handle = await open(draft, 'w', 0o600);
  try {
    await handle.writeFile(`${secret}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(draft, file);
}
