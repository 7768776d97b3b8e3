import {
  FollowedApiKeys,
  organizationProjections,
  postgresOrganizationQueries,
} from '@fintech-ledger/access';
import type { Config } from '@fintech-ledger/config';
import { openLog } from '@fintech-ledger/installation';
import type { Installation } from '@fintech-ledger/installation';
import type { Logger } from '@fintech-ledger/logging';
import type { Database } from '@fintech-ledger/postgres';
import { PositionWaiter } from '@fintech-ledger/projection-runtime';
import { modules } from '../../modules';

interface FollowContext {
  readonly config: Config;
  readonly databaseUrl: string;
  readonly installation: Installation;
  readonly log: Logger;
  /** Asked for keys that are not in memory. Nothing that a key may ask for keeps this waiting. */
  readonly access: Database;
}

/** The API keys in force, for a process that lets them in. `known`: when all that is stored was read, or could not be. */
export async function followKeys({ config, databaseUrl, installation, log, access }: FollowContext) {
  const keyLog = await openLog(config, { databaseUrl, installation, log });
  const apiKeys = new FollowedApiKeys({
    log: keyLog.log,
    decode: modules.decode,
    logger: log,
    older: postgresOrganizationQueries(access, new PositionWaiter(access, organizationProjections)),
  });
  return {
    apiKeys,
    known: apiKeys.start(),
    async close(): Promise<void> {
      await apiKeys.close();
      await keyLog.close();
    },
  };
}
