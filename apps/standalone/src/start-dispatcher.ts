import type { Config } from '@fintech-ledger/config';
import { openPool } from '@fintech-ledger/installation';
import type { Logger } from '@fintech-ledger/logging';
import type { Closer } from '@fintech-ledger/runtime';
import { openDispatcher } from '@fintech-ledger/webhooks';
import type { DispatcherOptions } from '@fintech-ledger/webhooks';
import { publicEvents } from '../../modules';

interface DispatcherContext {
  readonly config: Pick<Config, 'webhookAllowedCidrs'>;
  readonly databaseUrl: string;
  readonly pepper: string;
  readonly log: Logger;
}

/** Sends webhooks from this process, over connections of their own. */
export function startDispatcher(
  { config, databaseUrl, pepper, log }: DispatcherContext,
  { store, gateway }: Pick<DispatcherOptions, 'store' | 'gateway'>,
): Closer {
  const db = openPool(databaseUrl, 'dispatcher', 4);
  const allowedCidrs = config.webhookAllowedCidrs;
  const dispatcher = openDispatcher({
    db,
    store,
    registry: publicEvents,
    gateway,
    allowedCidrs,
    pepper,
    log,
  });
  dispatcher.start();
  return {
    name: 'dispatcher',
    async close(withinMs) {
      await dispatcher.close(withinMs);
      await db.close(withinMs);
    },
    underWay: () => dispatcher.underWay(),
  };
}
