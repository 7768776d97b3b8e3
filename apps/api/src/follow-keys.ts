import {
  createFirstApiKey,
  createFirstSandboxKey,
  FollowedApiKeys,
  organizationProjections,
  postgresOrganizationQueries,
  untilKeyWorks,
} from '@fintech-ledger/access';
import type { Config } from '@fintech-ledger/config';
import { firstOrganization, openLog } from '@fintech-ledger/installation';
import type { CreateFirstKeys, Installation } from '@fintech-ledger/installation';
import type { CommandGateway } from '@fintech-ledger/journal';
import type { Logger } from '@fintech-ledger/logging';
import type { Database } from '@fintech-ledger/postgres';
import { PositionWaiter } from '@fintech-ledger/projection-runtime';
import type { LiveDatabase } from '@fintech-ledger/projection-runtime';
import { modules } from '../../modules';

interface FollowContext {
  readonly config: Config;
  readonly databaseUrl: string;
  readonly installation: Installation;
  readonly log: Logger;
  /** Asked for keys that are not in memory. Nothing that a key may ask for keeps this waiting. */
  readonly keys: LiveDatabase;
  /** No other process of the installation can be there. */
  readonly isAlone?: boolean;
}

/** The API keys in force, for a process that lets them in. */
export async function followKeys(context: FollowContext) {
  const { config, databaseUrl, installation, log, keys, isAlone = false } = context;
  const keyLog = await openLog(config, { databaseUrl, installation, log });
  const apiKeys = new FollowedApiKeys({
    log: keyLog.log,
    decode: modules.decode,
    logger: log,
    isAlone,
    older: postgresOrganizationQueries(keys, new PositionWaiter(keys, organizationProjections)),
  });
  const known = apiKeys.start();
  return {
    /** What writers of this process ask. */
    ofWriters: { actors: apiKeys, clocks: apiKeys },
    deps: { apiKeys, apiKeyReadsMs: config.apiKeyReadsMs },
    watched: { check: 'writes', subject: 'API keys', ask: () => apiKeys.problem() } as const,
    /** Resolves when all that is stored was read, or could not be. */
    async untilWorks(key: string | undefined, signal: AbortSignal): Promise<void> {
      await known;
      if (key !== undefined) await untilKeyWorks(key, apiKeys, { log, signal });
    },
    /**
     * What makes the first key, and that of the first sandbox.
     * @param db where the installation says which organization it began with
     */
    createFirst(gateway: CommandGateway, pepper: string, db: Database): CreateFirstKeys {
      const context = { gateway, pepper, store: apiKeys, organizations: firstOrganization(db) };
      // A long log takes a while to be read for the first time.
      return {
        'api-key': (draft) => known.then(() => createFirstApiKey(context, draft)),
        'sandbox-api-key': (draft) => known.then(() => createFirstSandboxKey(context, draft)),
      };
    },
    async close(): Promise<void> {
      await apiKeys.close();
      await keyLog.close();
    },
  };
}
