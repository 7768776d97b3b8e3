import { messageOf } from '@fintech-ledger/contract';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { HeadTarget } from './head-target';
import { fileClaimMs, fileTailBytes, sentAtOnce } from './limits';

/**
 * Appends heads to a file, one JSON text a line, and nothing else: what is there is never written over. Each is there
 * once, also after a kill in the middle of a line.
 */
export function fileTarget(path: string): HeadTarget {
  return {
    kind: 'file',
    name: `file:${path}`,
    atOnce: sentAtOnce,
    claimMs: fileClaimMs,
    async publish(heads) {
      try {
        const file = await open(path, 'a+');
        try {
          const text = missingText(
            await tailOf(file),
            heads.map(({ line }) => line),
          );
          if (text !== '') await file.appendFile(text);
          await file.sync();
        } finally {
          await file.close();
        }
        return undefined;
      } catch (error) {
        return messageOf(error);
      }
    },
  };
}

/** What a file with this end lacks of these lines. */
export function missingText(tail: string, lines: readonly string[]): string {
  const end = tail.lastIndexOf('\n');
  const torn = tail.slice(end + 1);
  const last = tail.slice(tail.lastIndexOf('\n', end - 1) + 1, Math.max(end, 0));
  const missing = lines.slice(lines.indexOf(last) + 1);
  if (torn === '') return missing.map((line) => `${line}\n`).join('');
  const [first, ...rest] = missing;
  // A line that is nobody's is ended, so that those after it can be read.
  const begun = first?.startsWith(torn) === true ? first.slice(torn.length) : `\n${first ?? ''}`;
  return [begun, ...rest].map((line) => `${line}\n`).join('');
}

async function tailOf(file: FileHandle): Promise<string> {
  const { size } = await file.stat();
  const length = Math.min(size, fileTailBytes);
  const buffer = Buffer.alloc(length);
  await file.read(buffer, 0, length, size - length);
  return buffer.toString('utf8');
}
