import { readdirSync } from 'node:fs';
import path from 'node:path';
import { grants, scopes } from '@fintech-ledger/access/domain';
import { journalPrefix, organizationPrefix } from '@fintech-ledger/envelope';
import { endpointsOf } from '@fintech-ledger/http';
import { platformMigrations } from '@fintech-ledger/installation';
import { apiParts } from './api/src/api-parts';
import { modules } from './modules';

/** What says how the product itself is doing belongs to no module. */
const operationScopes = ['ops:read', 'ops:write'];

describe('the modules of the product', () => {
  it('are all there are', () => {
    const folders = readdirSync(path.join(__dirname, '../libs/modules'));
    expect(modules.manifests.map(({ name }) => name).sort()).toEqual(folders.sort());
  });

  it('write the streams that readers look for', () => {
    expect(modules.streamPrefixes).toEqual([journalPrefix, organizationPrefix]);
  });

  it('name every migration that is not of the platform', () => {
    const files = readdirSync(path.join(__dirname, '../schemas/sql')).filter((name) => name.endsWith('.sql'));
    expect([...modules.migrations, ...platformMigrations].sort()).toEqual(files.sort());
  });

  it('declare the scopes that keys may have, and need no other', async () => {
    expect([...modules.scopes, ...operationScopes].sort()).toEqual([...scopes].sort());
    expect(grants.length).toBeGreaterThan(scopes.length);
    const needed = endpointsOf((await apiParts()).controllers).map(({ scope }) => scope);
    for (const scope of needed)
      if (scope !== null) expect([...modules.scopes, ...operationScopes]).toContain(scope);
  });
});
