import { apiKeyFreshMs } from '@fintech-ledger/http';
import type { ApiKeyDirectory } from '@fintech-ledger/http';
import { setTimeout as sleep } from 'node:timers/promises';
import { timerMs } from '../live-keys/limits';

/**
 * Resolves when what ended of API keys opens nothing in any process: all of them know by then, or refuse commands. Also
 * where no other process can be there: a revocation rests on nothing but time.
 */
export async function untilEnded(keys: Pick<ApiKeyDirectory, 'refresh'>): Promise<void> {
  await Promise.all([keys.refresh(), sleep(apiKeyFreshMs + timerMs)]);
}
