import type { Installation } from '@fintech-ledger/installation';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { isDeepStrictEqual } from 'node:util';
import type { Difference } from './find-differences';
import { partOf } from './recovery-file';
import type { WrittenFile } from './recovery-file';

/** Why a topic is not in the file, when it may be in another one that is written with Kafka. */
export const notConfigured = 'Kafka is not configured (KAFKA_BROKERS)';

/** The first line of a recovery file: what it is about. */
export function headOf({
  installation,
  differences,
}: {
  readonly installation: Installation;
  readonly differences: readonly Difference[];
}): object {
  return {
    kind: 'recovery',
    installation_id: installation.id,
    streams: differences.map(({ stream, storeEnd, known, problem }) => ({
      stream,
      store_end: storeEnd,
      known_revision: known.revision,
      known_hash: known.hash,
      reason: problem.reason,
    })),
  };
}

/**
 * The file of an earlier run that was killed before the store had noted it: whole, about the same differences, and with
 * the topics if they can be read now. What is known did not change since: nothing of it was dropped, and nobody writes
 * a stream of which more is known than the store has.
 */
export async function finishedFile(
  file: string,
  head: object,
  hasTopics: boolean,
): Promise<WrittenFile | undefined> {
  if (!existsSync(file)) return undefined;
  const hash = createHash('sha256');
  const bytes = createReadStream(file);
  bytes.on('data', (chunk) => hash.update(chunk));
  let lines = 0;
  let last: Line | undefined;
  for await (const text of createInterface({ input: bytes })) {
    const line = parsed(text);
    if (line === undefined) return undefined;
    if (lines === 0 && !isHead(line, head)) return undefined;
    if (hasTopics && line['kind'] === 'topic_not_read' && line['reason'] === notConfigured) return undefined;
    lines += 1;
    last = line;
  }
  if (last?.['kind'] !== 'end' || last['lines'] !== lines - 1) return undefined;
  // It was given its name, and then the run was killed.
  await rm(partOf(file), { force: true });
  return { lines: lines - 1, sha256: hash.digest('hex') };
}

type Line = Readonly<Record<string, unknown>>;

function parsed(text: string): Line | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Line) : undefined;
  } catch {
    return undefined;
  }
}

function isHead({ at: _at, by: _by, ...line }: Line, head: object): boolean {
  return isDeepStrictEqual(line, JSON.parse(JSON.stringify(head)));
}
