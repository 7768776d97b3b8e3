import { organizationPrefix } from '@fintech-ledger/event-contracts';
import { defineProjection } from '@fintech-ledger/projection-runtime';
import { projectDirectory } from './project';
import { saveDirectory } from './store';

/** Organizations with their ledgers, units and API keys. */
export const directoryProjection = defineProjection({
  name: 'directory',
  version: 1,
  streamPrefixes: [organizationPrefix],
  project: projectDirectory,
  save: saveDirectory,
  reset: async (sql) => {
    await sql.query('truncate read.organizations, read.ledgers, read.units, read.api_keys');
  },
});
