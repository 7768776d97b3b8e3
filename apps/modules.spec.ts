import { readdirSync } from 'node:fs';
import path from 'node:path';
import { grants, scopes } from '@fintech-ledger/access/domain';
import { auditPrefix } from '@fintech-ledger/audit/domain';
import { journalPrefix, organizationPrefix } from '@fintech-ledger/envelope';
import { compiledStyle, dtoSchema, endpointsOf } from '@fintech-ledger/http';
import { platformMigrations } from '@fintech-ledger/installation';
import { modules } from './modules';

describe('the modules of the product', () => {
  it('are all there are', () => {
    const folders = readdirSync(path.join(__dirname, '../libs/modules'));
    expect(modules.manifests.map(({ name }) => name).sort()).toEqual(folders.sort());
  });

  it('write the streams that readers look for', () => {
    expect(modules.streamPrefixes).toEqual([journalPrefix, auditPrefix, organizationPrefix]);
  });

  it('name every migration that is not of the platform', () => {
    const files = readdirSync(path.join(__dirname, '../schemas/sql')).filter((name) => name.endsWith('.sql'));
    expect([...modules.migrations, ...platformMigrations].sort()).toEqual(files.sort());
  });

  it('declare scopes that keys may have, and need no other', async () => {
    const undeclared = scopes.filter((scope) => !modules.scopes.includes(scope));
    expect(modules.scopes.length + undeclared.length).toBe(scopes.length);
    // Those of the contract that no operation asks for yet.
    expect(undeclared).toHaveLength(18);
    expect(grants.length).toBeGreaterThan(scopes.length);
    const needed = endpointsOf((await modules.api()).controllers).map(({ scope }) => scope);
    for (const scope of needed) if (scope !== null) expect(modules.scopes).toContain(scope);
  });

  it('count a list by metadata as one that takes the database long', async () => {
    const lists = endpointsOf((await modules.api()).controllers).filter(
      ({ query }) => query !== undefined && 'metadata' in (dtoSchema(query, compiledStyle).properties ?? {}),
    );
    expect(lists.length).toBeGreaterThan(5);
    const cheap = lists.filter(
      ({ isExpensive }) => isExpensive !== true && !isExpensive?.includes('metadata'),
    );
    expect(cheap.map(({ operation }) => operation)).toEqual([]);
  });
});
