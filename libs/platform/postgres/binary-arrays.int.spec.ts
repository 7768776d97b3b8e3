import { testDatabase } from '@fintech-ledger/testing';
import type { TestDatabase } from '@fintech-ledger/testing';
import { int4Array, int8Array, textArray, uuidArray } from './binary-arrays';
import { connect } from './connect';
import type { Database } from './types';

describe('arrays in the binary format', () => {
  let testing: TestDatabase;
  let database: Database;

  beforeAll(async () => {
    testing = await testDatabase();
    database = connect({
      connectionString: testing.url,
      max: 1,
      applicationName: 'binary-arrays-spec',
      statementTimeoutMs: 30_000,
    });
  });
  afterAll(async () => {
    await database.close();
    await testing.drop();
  });

  const readBack = async (type: string, parameter: Buffer): Promise<readonly unknown[]> => {
    const { rows } = await database.query<{ value: unknown }>(
      `select to_json(value) as value from unnest($1::${type}[]) with ordinality as v (value, n) order by n`,
      [parameter],
    );
    return rows.map(({ value }) => value);
  };

  it('int: the server reads what was written', async () => {
    const values = [0, 1, -1, 2 ** 31 - 1, -(2 ** 31)];
    expect(await readBack('int', int4Array(values))).toEqual(values);
    expect(await readBack('int', int4Array([]))).toEqual([]);
  });

  it('bigint: the server reads what was written', async () => {
    const values = [
      0,
      1,
      -1,
      2 ** 31,
      2 ** 32,
      -(2 ** 32) - 5,
      Number.MAX_SAFE_INTEGER,
      -Number.MAX_SAFE_INTEGER,
    ];
    expect(await readBack('bigint', int8Array(values))).toEqual(values);
    expect(await readBack('bigint', int8Array([]))).toEqual([]);
  });

  it('text: the server reads what was written', async () => {
    const values = ['', 'a', '{"a":"\\"b\\\\"}', 'line\nbreak,{}', 'NULL', 'ä€😀', ' x '];
    expect(await readBack('text', textArray(values))).toEqual(values);
    expect(await readBack('text', textArray([]))).toEqual([]);
  });

  it('uuid: the server reads what was written', async () => {
    const values = ['00112233445566778899aabbccddeeff', 'f'.repeat(32)];
    const read = await readBack('uuid', uuidArray(values));
    expect(read.map((value) => String(value).replaceAll('-', ''))).toEqual(values);
    expect(await readBack('uuid', uuidArray([]))).toEqual([]);
  });

  it('text: a cast reads numbers of any size', async () => {
    const { rows } = await database.query<{ sum: string }>(
      'select sum(v)::text as sum from unnest($1::text[]::numeric[]) v',
      [textArray(['123456789012345678901234567890', '-1', '0'])],
    );
    expect(rows[0]?.sum).toBe('123456789012345678901234567889');
  });
});
