import type { ApiDeps } from '../api-deps';

/** A check that takes longer counts as failed, milliseconds. */
const checkTimeoutMs = 2_000;

export interface Health {
  readonly status: 'ok' | 'unavailable';
  /** By name: `ok`, or why not. */
  readonly checks: Readonly<Record<string, string>>;
}

/** Asks all checks at once; never rejects. */
export async function readiness(checks: ApiDeps['healthChecks']): Promise<Health> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => [name, (await outcome(check)) ?? 'ok'] as const),
  );
  const isOk = results.every(([, result]) => result === 'ok');
  return { status: isOk ? 'ok' : 'unavailable', checks: Object.fromEntries(results) };
}

async function outcome(check: () => Promise<string | undefined>): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<string>((resolve) => {
    timer = setTimeout(resolve, checkTimeoutMs, `no answer within ${checkTimeoutMs} ms`);
  });
  try {
    return await Promise.race([check(), timeout]);
  } catch (error) {
    return error instanceof Error ? error.message : 'failed';
  } finally {
    clearTimeout(timer);
  }
}
