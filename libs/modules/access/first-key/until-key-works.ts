import { parseApiKey } from '@fintech-ledger/access/domain';
import type { ApiKeyDirectory } from '@fintech-ledger/http';
import type { Logger } from '@fintech-ledger/logging';

/**
 * Waits until this process knows an API key, without which it is refused. Gives up, with a warning, when all that
 * is stored is known and it is not in force (it was revoked, or is of another database), or when nothing can be
 * read.
 */
export async function untilKeyWorks(
  key: string,
  keys: Pick<ApiKeyDirectory, 'find' | 'refresh'>,
  log: Pick<Logger, 'warn'>,
): Promise<void> {
  const id = parseApiKey(key)?.apiKeyId;
  if (id === undefined || keys.find(id) !== undefined) return;
  const isAllKnown = await keys.refresh();
  if (keys.find(id) !== undefined) return;
  const reason = isAllKnown
    ? 'it is not in force: it was revoked, or is of another database'
    : 'the event store does not answer';
  log.warn({ apiKeyId: id, reason }, 'the first API key does not work yet');
}
