import { parseApiKey } from '@fintech-ledger/access/domain';
import type { Logger } from '@fintech-ledger/logging';
import type { FollowedApiKeys } from '../live-keys/followed-api-keys';

/** Read models that have not seen the key by then are stopped, or far behind: a start goes on. */
const readSecondsMax = 20;

/**
 * Waits until this process knows an API key, without which it is refused. Gives up, with a warning, when all that
 * is stored is known and it is not in force (it was revoked, or is of another database), or when nothing can be
 * read.
 */
export async function untilKeyWorks(
  key: string,
  keys: Pick<FollowedApiKeys, 'find' | 'refresh' | 'isRead'>,
  { log, signal }: { readonly log: Pick<Logger, 'warn'>; readonly signal: AbortSignal },
): Promise<void> {
  const id = parseApiKey(key)?.apiKeyId;
  if (id === undefined) return;
  const isAllKnown = keys.find(id) !== undefined || (await keys.refresh());
  if (keys.find(id) !== undefined) {
    // So that the list of keys has it; nothing else waits for that.
    for (let seconds = 0; seconds < readSecondsMax && !signal.aborted; seconds += 1)
      if (await keys.isRead(id, 1_000)) return;
    return;
  }
  const reason = isAllKnown
    ? 'it is not in force: it was revoked, or is of another database'
    : 'the event store does not answer';
  log.warn({ apiKeyId: id, reason }, 'the first API key does not work yet');
}
