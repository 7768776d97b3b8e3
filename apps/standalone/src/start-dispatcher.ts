import { openHeadPublisher } from '@fintech-ledger/audit';
import type { Config } from '@fintech-ledger/config';
import type { Watched } from '@fintech-ledger/health';
import { openPool } from '@fintech-ledger/installation';
import type { Logger } from '@fintech-ledger/logging';
import type { Closer } from '@fintech-ledger/runtime';
import { openDispatcher } from '@fintech-ledger/webhooks';
import type { DispatcherOptions } from '@fintech-ledger/webhooks';
import { liveTables } from '@fintech-ledger/projection-runtime';
import { modules, publicEvents } from '../../modules';

interface DispatcherContext {
  readonly config: Pick<Config, 'auditHeads' | 'webhookAllowedCidrs' | 'webhookRate' | 'webhookAttemptDays'>;
  readonly databaseUrl: string;
  readonly pepper: string;
  readonly log: Logger;
}

/** Sends webhooks and tree heads from this process, over connections of their own. */
export function startDispatcher(
  { config, databaseUrl, pepper, log }: DispatcherContext,
  { store, gateway }: Pick<DispatcherOptions, 'store' | 'gateway'>,
): Closer & { readonly watched: readonly Watched[] } {
  const db = liveTables(openPool(databaseUrl, 'dispatcher', 4), modules.projections);
  const allowedCidrs = config.webhookAllowedCidrs;
  const dispatcher = openDispatcher({
    db,
    store,
    registry: publicEvents,
    gateway,
    allowedCidrs,
    endpointRate: config.webhookRate,
    attemptDays: config.webhookAttemptDays,
    pepper,
    log,
  });
  dispatcher.start();
  const publisher = openHeadPublisher({ db, config, pepper, log });
  publisher.start();
  return {
    name: 'dispatcher',
    watched: [
      { check: 'webhooks', subject: '', ask: () => dispatcher.health() },
      { check: 'audit_heads', subject: '', ask: () => publisher.health() },
    ],
    async close(withinMs) {
      await Promise.all([dispatcher.close(withinMs), publisher.stop()]);
      await db.close(withinMs);
    },
    underWay: () => dispatcher.underWay(),
  };
}
