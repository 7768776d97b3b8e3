import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import type { ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { accessDomain } from '@fintech-ledger/access';
import type { AccessEvent, AccessRecord } from '@fintech-ledger/access';
import type { LedgerEvent } from '@fintech-ledger/ledger';
import { InMemoryLedger } from '../../testing/src/ledger/in-memory-ledger';
import { randomHistory } from '../../testing/src/ledger/random-ledger';
import { stateHash } from '../../testing/src/ledger/state-hash';

const directory = join(__dirname, '../../../schemas/events');
// The newest version of each type; an event that is not here does not compile.
const versions: Readonly<Record<LedgerEvent['type'] | AccessEvent['type'], number>> = {
  AccountAmended: 1,
  AccountClosed: 1,
  AccountFrozen: 1,
  AccountOpened: 1,
  AccountReopened: 1,
  AccountUnfrozen: 1,
  ApiKeyCreated: 1,
  ApiKeyRevoked: 1,
  HoldCaptured: 1,
  HoldExpired: 1,
  HoldPlaced: 1,
  HoldVoided: 1,
  LedgerCreated: 1,
  OrganizationCreated: 1,
  TransactionPosted: 1,
  TransactionReversed: 1,
  UnitDeclared: 1,
  UnitUsed: 1,
};
interface Golden {
  /** The examples of one stream in the order of its revisions. */
  readonly order: readonly string[];
  /** SHA-256 of the state that folding them gives. */
  readonly stateHash: string;
}

const read = (name: string): unknown => JSON.parse(readFileSync(join(directory, name), 'utf8'));
const golden = read('golden.json') as { readonly journal: Golden; readonly organization: Golden };
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });
addFormats(ajv);
const validators = new Map<string, ValidateFunction>();

function validatorOf(type: string, version = 1): ValidateFunction {
  const name = `${type}/v${version}.json`;
  const validate = validators.get(name) ?? ajv.compile(read(name) as object);
  validators.set(name, validate);
  return validate;
}
const typeOf = (example: string): string => example.slice(0, example.indexOf('/'));
const versionOf = (example: string): number => Number(/\/v(\d+)\./.exec(example)?.[1]);
const examples = [...golden.journal.order, ...golden.organization.order];

describe('schemas of events', () => {
  it.each(Object.entries(versions))(
    '%s has a schema and an example of each version up to %i',
    (type, newest) => {
      for (let version = 1; version <= newest; version += 1) {
        expect(existsSync(join(directory, type, `v${version}.example.json`))).toBe(true);
        expect(read(`${type}/v${version}.json`)).toMatchObject({
          $id: `urn:fintech-ledger:event:${type}:v${version}`,
        });
      }
    },
  );

  it('there is none for anything else, and every example is folded', () => {
    const folders = readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map(({ name }) => name).sort()).toEqual(Object.keys(versions).sort());
    const files = folders.flatMap(({ name }) =>
      readdirSync(join(directory, name)).map((file) => `${name}/${file}`),
    );
    expect(files.filter((file) => file.includes('.example')).sort()).toEqual([...examples].sort());
  });

  it.each(examples)('%s is valid', (example) => {
    const validate = validatorOf(typeOf(example), versionOf(example));
    validate(read(example));
    expect(validate.errors).toBeNull();
  });

  it.each(Object.keys(versions))('%s refuses a field that is missing or unknown, at every depth', (type) => {
    const validate = validatorOf(type);
    for (const changed of distortions(read(`${type}/v1.example.json`))) {
      expect([changed, validate(changed)]).toEqual([changed, false]);
    }
  });

  it('hold for what random commands write', () => {
    const seen = new Set<string>();
    for (let seed = 1; seed <= 30; seed += 1) {
      for (const event of randomHistory(seed, 100)) {
        seen.add(event.type);
        const validate = validatorOf(event.type);
        if (!validate(event.data))
          throw new Error(`${JSON.stringify(event)}: ${ajv.errorsText(validate.errors)}`);
      }
    }
    expect([...seen].sort()).toEqual([...new Set(golden.journal.order.map(typeOf))].sort());
  });
});

describe('folding all examples in order', () => {
  it('gives the same ledger as ever', () => {
    const events = golden.journal.order.map(
      (name) => ({ type: typeOf(name), data: read(name) }) as LedgerEvent,
    );
    expect(stateHash(InMemoryLedger.of(events).records)).toBe(golden.journal.stateHash);
  });

  it('gives the same organization as ever', () => {
    const state = new Map<string, AccessRecord>();
    for (const name of golden.organization.order) {
      const event = { type: typeOf(name), data: read(name) } as AccessEvent;
      for (const { key, record } of accessDomain.evolve(state, event)) state.set(key, record);
    }
    expect(stateHash(state)).toBe(golden.organization.stateHash);
  });
});

/** The value with one field less or one more, in every object that it holds; metadata is the client's and may hold any. */
function* distortions(value: unknown): Generator<unknown> {
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries())
      for (const changed of distortions(item)) yield value.with(i, changed);
  } else if (typeof value === 'object' && value !== null) {
    yield { ...value, unheardOf: '1' };
    for (const [key, member] of Object.entries(value)) {
      yield Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
      if (key !== 'metadata') for (const changed of distortions(member)) yield { ...value, [key]: changed };
    }
  }
}
