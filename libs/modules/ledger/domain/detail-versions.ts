import { nextVersion, textOrNull } from '@fintech-ledger/contract';
import type { EventVersion, JsonSchema, ObjectSchema } from '@fintech-ledger/contract';
import type { LedgerEventType } from './ledger-event-type';
import { detailNames } from './transaction';
import type { DetailName } from './transaction';

type AnyLedgerEventType = LedgerEventType<string, object>;
type Fields = Readonly<Record<string, JsonSchema>>;

/** The type with one version more, whose transactions may have this detail. Earlier ones are read as they are. */
export function withDetail<T extends AnyLedgerEventType>(type: T, name: DetailName): T {
  const { description, schema } = newest(type);
  const touches = (data: object): readonly string[] => type.touches(data);
  const upcast = (data: object): object => data;
  const next = { description, schema: detailed(schema, name), touches, upcast };
  return { ...type, ...nextVersion(type, next) };
}

/** The schema of an event whose transactions may have this detail. */
export function detailed<D extends object>(schema: ObjectSchema<D>, name: DetailName): ObjectSchema<D> {
  return { ...schema, json: { ...schema.json, properties: withField(fieldsOf(schema), name) } };
}

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

function withField(fields: Fields, name: DetailName): Fields {
  const entries = Object.entries(fields).map(([key, field]) => {
    const { properties } = field;
    if (!isTransaction(properties)) return [key, field] as const;
    const more = Object.entries({ ...properties, [name]: textOrNull().json });
    return [
      key,
      { ...field, properties: Object.fromEntries(more.sort(([a], [b]) => (a < b ? -1 : 1))) },
    ] as const;
  });
  return Object.fromEntries(entries);
}

function isTransaction(properties: unknown): properties is Fields {
  return typeof properties === 'object' && properties !== null && 'reference' in properties;
}
