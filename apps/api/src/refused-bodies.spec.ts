import 'reflect-metadata';
import { CreateApiKeyDto } from '@fintech-ledger/access/nest';
import { compileDto } from '@fintech-ledger/http';
import { BulkDto, OpenAccountDto, TransactionDto } from '@fintech-ledger/ledger/nest';

/** A list that counts how often one of its items is looked at. */
function counted<T>(items: readonly T[]): { readonly list: readonly T[]; looks: number } {
  const result = { list: items, looks: 0 };
  result.list = new Proxy(items, {
    get(target, name, receiver) {
      if (typeof name === 'string' && /^\d+$/.test(name)) result.looks += 1;
      return Reflect.get(target, name, receiver) as unknown;
    },
  });
  return result;
}
const problemsListed = 20;
const of = <T>(length: number, item: T): T[] => Array.from({ length }, () => item);

describe('what the refusal of a body costs', () => {
  it.each([
    ['entries', TransactionDto, (list: unknown) => ({ entries: list })],
    ['scopes', CreateApiKeyDto, (list: unknown) => ({ name: 'till', scopes: list })],
    ['transactions', BulkDto, (list: unknown) => ({ atomic: true, transactions: list })],
  ] as const)('no item of too many %s is judged', (name, dto, body) => {
    const items = counted<unknown>(of(1_000_000, {}));
    const value = body(items.list);
    expect(compileDto(dto).accepts(value)).toBe(false);
    const problems = compileDto(dto).explain(value);
    expect(problems.map(({ param }) => param)).toEqual([`/${name}`]);
    expect(items.looks).toBe(0);
  });

  it('stops at the problems that are listed, however deep they are', () => {
    const inner = counted<unknown>(of(300, {}));
    const outer = counted<unknown>(of(1_000, { entries: inner.list }));
    const problems = compileDto(BulkDto).explain({ transactions: outer.list });
    expect(problems).toHaveLength(problemsListed);
    expect(outer.looks).toBeLessThanOrEqual(problemsListed);
    expect(inner.looks).toBeLessThanOrEqual(problemsListed);
  });

  it('stops among fields that do not exist and among metadata', () => {
    const many = Object.fromEntries(of(100_000, 1).map((value, at) => [`field_${at}`, value]));
    expect(compileDto(OpenAccountDto).explain({ ...many })).toHaveLength(problemsListed);
    const problems = compileDto(OpenAccountDto).explain({
      address: 'cash',
      currency: 'EUR',
      type: 'asset',
      metadata: many,
    });
    expect(problems).toMatchObject([{ code: 'invalid_metadata', param: '/metadata' }]);
  });
});
