import { messageOf } from '@fintech-ledger/contract';
import { StoreUnavailable } from '@fintech-ledger/event-store';
import type { AlarmSink } from '@fintech-ledger/health';
import { firstApiKey, firstApiKeyFile } from '@fintech-ledger/installation';
import type { CreateFirstKeys, FirstKeyName } from '@fintech-ledger/installation';
import { AnswerUnavailable, CommandOutcomeUnknown, WriterUnavailable } from '@fintech-ledger/journal';
import { setTimeout as sleep } from 'node:timers/promises';

const retryMs = 2_000;
/** How long a process that is of no use without its key tries to make it: a busy machine may need some attempts. */
const firstKeyMsMax = 30_000;

const subjects: Readonly<Record<FirstKeyName, string>> = {
  'api-key': 'first API key',
  'sandbox-api-key': 'first API key of a sandbox',
};

export interface FirstKeyOptions {
  /** Where it is kept; absent: nowhere. */
  readonly folder: string | undefined;
  readonly create: CreateFirstKeys;
  readonly name: FirstKeyName;
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
  const { folder, create, name, alarms } = options;
  try {
    return await firstApiKey(folder, create[name], name);
  } catch (error) {
    const reason = reasonNotWritten(error);
    if (reason === undefined) throw error;
    alarms.raise('writes', subjects[name], `The first API key could not be made yet: ${reason}.`);
    void tryAgain(options);
    return undefined;
  }
}

/** What a process says of the first keys, as members of one line. */
type KeyLine = Readonly<Record<string, string>>;

/** Both first keys, for the line that says that the process is ready. @throws StartupFailed one can't be kept */
export async function firstKeysOrLater({
  untilWorks,
  onMade,
  ...options
}: Omit<FirstKeyOptions, 'name' | 'onMade'> & {
  readonly untilWorks: (key: string | undefined, signal: AbortSignal) => Promise<void>;
  readonly onMade: (line: KeyLine) => void;
}): Promise<KeyLine> {
  const lines: KeyLine[] = [];
  for (const name of ['api-key', 'sandbox-api-key'] as const) {
    const lineOf = (key: string | undefined): KeyLine => keyLine(options.folder, name, key);
    const key = await firstKeyOrLater({ ...options, name, onMade: (made) => onMade(lineOf(made)) });
    await untilWorks(key, options.signal);
    lines.push(lineOf(key));
  }
  return Object.assign({}, ...lines) as KeyLine;
}

/** Logs are kept and passed on: where there is a file for it, the key is not in them. */
function keyLine(folder: string | undefined, name: FirstKeyName, key: string | undefined): KeyLine {
  if (key === undefined) return {};
  const member = name.replaceAll('-', '_');
  return folder === undefined ? { [member]: key } : { [`${member}_file`]: firstApiKeyFile(folder, name) };
}

/**
 * The first API key, undefined when it was made before and is revoked, or not known here; tries for a while when
 * it can't be stored. @throws StartupFailed it can't be stored, or kept
 */
export async function firstKeyInTime(
  { folder, create, name, signal }: Pick<FirstKeyOptions, 'folder' | 'create' | 'name' | 'signal'>,
  { msMax, pauseMs } = { msMax: firstKeyMsMax, pauseMs: retryMs },
): Promise<string | undefined> {
  for (const since = performance.now(); ;) {
    try {
      return await firstApiKey(folder, create[name], name);
    } catch (error) {
      const isOver = signal.aborted || performance.now() - since + pauseMs > msMax;
      if (isOver || reasonNotWritten(error) === undefined) throw error;
    }
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }
}

async function tryAgain({ folder, create, name, alarms, signal, onMade }: FirstKeyOptions): Promise<void> {
  for (;;) {
    await sleep(retryMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    try {
      const key = await firstApiKey(folder, create[name], name);
      alarms.clear('writes', subjects[name]);
      if (key !== undefined) onMade(key);
      return;
    } catch (error) {
      const reason = messageOf(error);
      alarms.raise('writes', subjects[name], `The first API key could not be made yet: ${reason}.`);
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
