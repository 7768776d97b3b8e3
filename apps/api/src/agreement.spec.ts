import 'reflect-metadata';
import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import fc from 'fast-check';
import {
  AccountsQuery,
  BalanceQuery,
  SubtreeBalancesQuery,
  AmendAccountDto,
  OpenAccountDto,
  EventsQuery,
  CreateLedgerDto,
  TransactionsQuery,
  BulkDto,
  CaptureDto,
  ReverseDto,
  TransactionDto,
  TransferDto,
  DeclareUnitDto,
} from '@fintech-ledger/ledger/nest';
import { CreateApiKeyDto } from '@fintech-ledger/access/nest';
import { CommandQuery, compileDto, compiledStyle, dtoSchema } from '@fintech-ledger/http';
import type { JsonSchema } from '@fintech-ledger/http';

// class-validator is what the classes are written for, the compiled schema is what runs: both must judge alike.
const classes = [
  AccountsQuery,
  AmendAccountDto,
  BalanceQuery,
  BulkDto,
  CaptureDto,
  CommandQuery,
  CreateApiKeyDto,
  CreateLedgerDto,
  DeclareUnitDto,
  EventsQuery,
  OpenAccountDto,
  ReverseDto,
  SubtreeBalancesQuery,
  TransactionDto,
  TransactionsQuery,
  TransferDto,
];

const likely = [
  ...['1', '100', '0', '-5', '01', '1.5', '1e3', ' 1', '1'.repeat(36), '1'.repeat(37), '128', '129', '101'],
  ...['USD', 'usd', 'POINTS', 'A'.repeat(25), 'cash', 'cash:stripe', 'a::b', 'a'.repeat(256), 'a:'],
  ...['debit', 'credit', 'asset', 'posted', 'effective', 'true', 'ledger:read', '*', 'TransactionPosted'],
  ...['2026-01-01T00:00:00Z', '2026-02-30T00:00:00Z', '2026-01-01T00:00:00+02:00', '2026-01-01', 'led_1@3'],
  ...['', '\u{1f600}'.repeat(255), '\u{1f600}'.repeat(256), 'x'.repeat(1_001)],
];
const junk: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(...likely),
  fc.constantFrom<unknown>(null, true, false, 0, 1, 18, 19, -1, 1.5, 2 ** 53, [], {}, [[]], [null], {
    a: 'b',
  }),
  fc.string(),
  fc.dictionary(fc.stringMatching(/^[a-z .]{1,3}$/), fc.constantFrom<unknown>('x', null, 1), { maxKeys: 3 }),
);

/** Values that a schema mostly accepts. */
function near(schema: JsonSchema): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 40, arbitrary: exact(schema) }, { weight: 1, arbitrary: junk });
}
function exact(schema: JsonSchema): fc.Arbitrary<unknown> {
  const types = [schema.type ?? []].flat();
  if (types.includes('array')) {
    return fc.array(near(schema.items ?? {}), {
      minLength: Math.max(0, (schema.minItems ?? 0) - 1),
      maxLength: 3,
    });
  }
  if (schema.properties !== undefined) return objectOf(schema.properties, schema.required ?? []);
  if (types.includes('object')) return fc.dictionary(fc.constantFrom('a', 'order', 'b.c'), fc.string());
  if (types.includes('boolean')) return fc.boolean();
  if (types.includes('integer')) return fc.integer({ min: -1, max: 20 });
  const accepts = likely.filter((text) => matches(schema, text));
  return accepts.length === 0 ? junk : fc.constantFrom(...accepts);
}
function matches({ pattern, enum: values, format }: JsonSchema, text: string): boolean {
  if (format !== undefined) return text.includes('T') || text.includes('@');
  return values === undefined
    ? pattern === undefined || new RegExp(pattern, 'u').test(text)
    : values.includes(text);
}
function objectOf(
  properties: Readonly<Record<string, JsonSchema>>,
  required: readonly string[],
): fc.Arbitrary<unknown> {
  const fields = Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [
      name,
      required.includes(name)
        ? fc.oneof({ weight: 60, arbitrary: near(schema) }, { weight: 1, arbitrary: fc.constant(undefined) })
        : fc.option(near(schema), { nil: undefined, freq: 2 }),
    ]),
  );
  const unknown = fc.oneof(
    { weight: 60, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constant('x') },
  );
  return fc
    .record({ ...fields, unknownField: unknown })
    .map((value) => JSON.parse(JSON.stringify(value)) as unknown);
}

describe.each(classes.map((dto) => [dto.name, dto] as const))('%s', (_name, dto) => {
  it('is judged alike by class-validator and by the compiled schema', () => {
    const compiled = compileDto(dto);
    let accepted = 0;
    fc.assert(
      fc.property(exact(dtoSchema(dto, compiledStyle)), (value) => {
        const instance = plainToInstance(dto as new () => object, value);
        const errors = validateSync(instance, { whitelist: true, forbidNonWhitelisted: true });
        const before = JSON.stringify(value);
        expect([before, compiled.accepts(value)]).toEqual([before, errors.length === 0]);
        expect(JSON.stringify(value)).toBe(before);
        if (errors.length === 0) accepted += 1;
        expect(compiled.explain(value).length > 0).toBe(errors.length > 0);
      }),
      { numRuns: 400 },
    );
    // Neither all nor nothing, or the test would say little.
    expect(accepted).toBeGreaterThan(0);
    expect(accepted).toBeLessThan(400);
  });
});
