import { messageOf } from '@fintech-ledger/contract';
import { StoreUnavailable } from '@fintech-ledger/event-store';
import type { AlarmSink } from '@fintech-ledger/health';
import { firstApiKey } from '@fintech-ledger/installation';
import type { CreateFirstKey } from '@fintech-ledger/installation';
import { AnswerUnavailable, CommandOutcomeUnknown, WriterUnavailable } from '@fintech-ledger/journal';
import { setTimeout as sleep } from 'node:timers/promises';

const retryMs = 2_000;
/** How long a process that is of no use without its key tries to make it: a busy machine may need some attempts. */
const firstKeyMsMax = 30_000;

export interface FirstKeyOptions {
  /** Where it is kept; absent: nowhere. */
  readonly folder: string | undefined;
  readonly create: CreateFirstKey;
  readonly alarms: AlarmSink;
  readonly signal: AbortSignal;
  /** It was made after all. */
  readonly onMade: (key: string) => void;
}

/**
 * The first API key, undefined when it was made before and is revoked, or not known here. While no command can be
 * written it can't be made: then it is undefined too, so that queries are served meanwhile, and it is tried again
 * in the background until it is made. @throws StartupFailed it can't be kept
 */
export async function firstKeyOrLater(options: FirstKeyOptions): Promise<string | undefined> {
  const { folder, create, alarms } = options;
  try {
    return await firstApiKey(folder, create);
  } catch (error) {
    const reason = reasonNotWritten(error);
    if (reason === undefined) throw error;
    alarms.raise('writes', 'first API key', `The first API key could not be made yet: ${reason}.`);
    void tryAgain(options);
    return undefined;
  }
}

/**
 * The first API key, undefined when it was made before and is revoked, or not known here; tries for a while when
 * it can't be stored. @throws StartupFailed it can't be stored, or kept
 */
export async function firstKeyInTime(
  { folder, create, signal }: Pick<FirstKeyOptions, 'folder' | 'create' | 'signal'>,
  { msMax, pauseMs } = { msMax: firstKeyMsMax, pauseMs: retryMs },
): Promise<string | undefined> {
  for (const since = performance.now(); ;) {
    try {
      return await firstApiKey(folder, create);
    } catch (error) {
      const isOver = signal.aborted || performance.now() - since + pauseMs > msMax;
      if (isOver || reasonNotWritten(error) === undefined) throw error;
    }
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }
}

async function tryAgain({ folder, create, alarms, signal, onMade }: FirstKeyOptions): Promise<void> {
  for (;;) {
    await sleep(retryMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    try {
      const key = await firstApiKey(folder, create);
      alarms.clear('writes', 'first API key');
      if (key !== undefined) onMade(key);
      return;
    } catch (error) {
      const reason = messageOf(error);
      alarms.raise('writes', 'first API key', `The first API key could not be made yet: ${reason}.`);
    }
  }
}

function reasonNotWritten(error: unknown): string | undefined {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const isNotWritten =
    cause instanceof WriterUnavailable ||
    cause instanceof CommandOutcomeUnknown ||
    cause instanceof AnswerUnavailable ||
    cause instanceof StoreUnavailable;
  return isNotWritten ? cause.message : undefined;
}
