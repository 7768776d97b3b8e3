import { parseApiKey } from '@fintech-ledger/access/domain';
import type { ProjectionStates, ProjectionView } from '@fintech-ledger/projection-runtime';
import type { OrganizationQueries } from '../read-model/queries';
import type { Logger } from '@fintech-ledger/logging';
import { setTimeout as sleep } from 'node:timers/promises';

const pollMs = 25;
const tellMs = 10_000;
/** Read models that get no further in this time count as halted. */
const stallMs = 60_000;

/**
 * Waits until the read models have an API key, without which it is refused. Gives up, with a warning, when they have everything and not this key
 * (it is of another database), or when they are halted.
 */
export async function untilKeyWorks(
  key: string,
  context: {
    readonly organizations: Pick<OrganizationQueries, 'apiKeyCredentials'>;
    readonly projections: ProjectionStates;
    readonly log: Logger;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const id = parseApiKey(key)?.apiKeyId;
  if (id === undefined) return;
  const { organizations, projections, log, signal } = context;
  let toldAt = performance.now();
  let progress = { positions: '', since: toldAt };
  for (let polls = 1; !signal.aborted; polls += 1) {
    if (await organizations.apiKeyCredentials(id).catch(() => null)) return;
    if (polls % 20 === 0) {
      const views = await projections.projections().catch(() => []);
      const positions = views.map(({ position }) => position).join('\n');
      if (positions !== progress.positions) progress = { positions, since: performance.now() };
      const reason = reasonToGoOn(views, performance.now() - progress.since);
      if (reason !== undefined) {
        log.warn({ apiKeyId: id, reason }, 'the first API key does not work yet');
        return;
      }
    }
    if (performance.now() - toldAt > tellMs) {
      toldAt = performance.now();
      log.info({ apiKeyId: id }, 'waiting until the read models know the first API key');
    }
    await sleep(pollMs, undefined, { signal }).catch(() => undefined);
  }
}

function reasonToGoOn(views: readonly ProjectionView[], stalledMs: number): string | undefined {
  const halted = views.find(({ state }) => state === 'halted');
  if (halted !== undefined) return `${halted.name} is halted: ${halted.last_error ?? ''}`;
  if (stalledMs > stallMs) return `the read models got no further for ${stallMs / 1_000} s`;
  const isDone = views.length > 0 && views.every(({ state, lag }) => state === 'running' && lag.events === 0);
  return isDone ? 'the read models have every event, and do not know it' : undefined;
}
