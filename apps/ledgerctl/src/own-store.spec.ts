import { otherStore, storeName } from './own-store';

describe('storeName', () => {
  it.each([
    ['esdb+discover://admin:secret@a:2113,b:2113?tls=false', undefined, 'EventStoreDB at a:2113,b:2113 '],
    [undefined, 'postgresql://ledger:se/cret@db:5432/ledger?sslmode=require', 'the database '],
    [undefined, 'postgresql://ledger:secret@db:5432/ledger', 'the database db:5432/ledger '],
    [undefined, 'postgresql://ledger@/ledger?host=/run/postgresql', '/ledger on /run/postgresql '],
    [undefined, undefined, 'the tables of the embedded database '],
  ])('names %s and %s', (eventStoreUrl, databaseUrl, name) => {
    const named = storeName({ eventStoreUrl, databaseUrl });
    expect(named).toContain(name);
    expect(named).not.toMatch(/secret|cret@/u);
  });
});

describe('otherStore', () => {
  it.each([
    [true, ['own'], undefined],
    [false, ['own', 'other'], undefined],
    [false, [], undefined],
    [true, [], /is not the store of this installation/u],
    [true, ['other'], /is of another installation \(other\)/u],
    [false, ['other'], /is of another installation \(other\)/u],
  ] as const)('seen before: %s, and it names %j', (isInStore, owners, found) => {
    const other = otherStore({ id: 'own', prefix: '', isInStore }, owners, 'it');
    if (found === undefined) expect(other).toBeUndefined();
    else expect(other).toMatch(found);
  });
});
