import { nextVersion, textOrNull, time } from '@fintech-ledger/contract';
import type { EventVersion, JsonSchema, ObjectSchema } from '@fintech-ledger/contract';
import type { LedgerEventType } from './ledger-event-type';
import { detailNames } from './transaction';
import type { DetailName } from './transaction';

type AnyLedgerEventType = LedgerEventType<string, object>;
type Fields = Readonly<Record<string, JsonSchema>>;

/** The type with one version more, whose transactions may have this detail. Earlier ones are read as they are. */
export function withDetail<T extends AnyLedgerEventType>(type: T, name: DetailName): T {
  return withSchema(type, (schema) => detailed(schema, name));
}

/** What an import books may say. */
const importedFields = {
  effectiveAt: { ...time.json, description: 'When it counts, where an import says so' },
  openUntil: {
    ...time.json,
    description: 'It stays open until then although it expires before: an import has more to say of it',
  },
} as const;
type ImportedField = keyof typeof importedFields;

/** The type with one version more, whose events may have these fields. */
export function withImported<T extends AnyLedgerEventType>(type: T, ...names: readonly ImportedField[]): T {
  const add = (schema: ObjectSchema<object>, name: ImportedField): ObjectSchema<object> =>
    name === 'openUntil'
      ? inTransactions(schema, name, importedFields[name])
      : inEvents(schema, name, importedFields[name]);
  return withSchema(type, (schema) => names.reduce(add, schema));
}

function withSchema<T extends AnyLedgerEventType>(
  type: T,
  change: (schema: ObjectSchema<object>) => ObjectSchema<object>,
): T {
  const { description, schema } = newest(type);
  const touches = (data: object): readonly string[] => type.touches(data);
  const upcast = (data: object): object => data;
  const next = { description, schema: change(schema), touches, upcast };
  return { ...type, ...nextVersion(type, next) };
}

/** The schema of an event whose transactions may have this detail. */
export function detailed<D extends object>(schema: ObjectSchema<D>, name: DetailName): ObjectSchema<D> {
  return inTransactions(schema, name, textOrNull().json);
}

/** Its transactions may have this field. */
function inTransactions<D extends object>(
  schema: ObjectSchema<D>,
  name: string,
  field: JsonSchema,
): ObjectSchema<D> {
  const entries = Object.entries(fieldsOf(schema)).map(([key, each]) => {
    const { properties } = each;
    return isTransaction(properties)
      ? [key, { ...each, properties: sorted({ ...properties, [name]: field }) }]
      : [key, each];
  });
  return { ...schema, json: { ...schema.json, properties: Object.fromEntries(entries) as Fields } };
}

function inEvents<D extends object>(
  schema: ObjectSchema<D>,
  name: string,
  field: JsonSchema,
): ObjectSchema<D> {
  const properties = sorted({ ...fieldsOf(schema), [name]: field });
  return { ...schema, json: { ...schema.json, properties } };
}

const sorted = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1)));

/** @throws Error transactions of one of these types lack a detail: it needs a version more */
export function withAllDetails<const T extends AnyLedgerEventType>(types: readonly T[]): readonly T[] {
  for (const type of types) {
    for (const transaction of transactionsIn(fieldsOf(newest(type).schema))) {
      const missing = detailNames.find((name) => !(name in transaction));
      if (missing !== undefined)
        throw new Error(`${type.name} has no version whose transactions have the detail ${missing}`);
    }
  }
  return types;
}

function newest({ versions }: AnyLedgerEventType): EventVersion {
  return versions.at(-1) as EventVersion;
}

const fieldsOf = ({ json }: Pick<ObjectSchema<object>, 'json'>): Fields => json['properties'] as Fields;

/** The fields of the transactions that an event has, whatever it calls them. */
function transactionsIn(fields: Fields): readonly Fields[] {
  return Object.values(fields).flatMap(({ properties }) => (isTransaction(properties) ? [properties] : []));
}

function isTransaction(properties: unknown): properties is Fields {
  return typeof properties === 'object' && properties !== null && 'reference' in properties;
}
