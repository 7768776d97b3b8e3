import { organizationPrefix, streamOwner } from '@fintech-ledger/envelope';
import { defineProjection } from '@fintech-ledger/projection-runtime';
import { projectDirectory } from './project';
import { saveDirectory } from './store';

/** Organizations with their sandboxes, ledgers, units and API keys. */
export const directoryProjection = defineProjection({
  name: 'directory',
  version: 1,
  streamPrefixes: [organizationPrefix],
  mayBeRebuilt: true,
  project: projectDirectory,
  save: saveDirectory,
  tables: ['organizations', 'sandboxes', 'ledgers', 'units', 'api_keys'],
  async resetStream(sql, stream) {
    const organizationId = streamOwner(stream);
    await sql.query('delete from read.organizations where id = $1', [organizationId]);
    for (const table of ['sandboxes', 'ledgers', 'units', 'api_keys'])
      await sql.query(`delete from read.${table} where organization_id = $1`, [organizationId]);
  },
});
