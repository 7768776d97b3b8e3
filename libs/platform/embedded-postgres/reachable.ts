import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { ServerUser } from './server-user';

/**
 * The topmost folder on the way to `target` (itself included, as far as it exists) that `user` may not enter, or undefined when
 * all of it is open. Judged by mode bits: a home of mode 0700 is the case that matters.
 */
export async function closedFolder(target: string, user: ServerUser): Promise<string | undefined> {
  const parts = path.resolve(target).split(path.sep);
  for (let depth = 1; depth <= parts.length; depth += 1) {
    const folder = parts.slice(0, depth).join(path.sep) || path.sep;
    const found = await stat(folder).catch(() => undefined);
    if (found === undefined) return undefined;
    const shift = found.uid === user.uid ? 6 : found.gid === user.gid ? 3 : 0;
    if (found.isDirectory() && ((found.mode >> shift) & 1) === 0) return folder;
  }
  return undefined;
}
