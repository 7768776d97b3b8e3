import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import type { ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { accessEvents } from '@fintech-ledger/access/domain';
import { bankEvents } from '@fintech-ledger/bank/domain';
import { connectEvents } from '@fintech-ledger/connect/domain';
import { fxEvents } from '@fintech-ledger/fx/domain';
import { splitEvents } from '@fintech-ledger/splits/domain';
import { customerEvents } from '@fintech-ledger/customers/domain';
import type { AnyEventType, EventList, EventOf } from '@fintech-ledger/contract';
import { installationEvents } from '@fintech-ledger/installation-events';
import type { DomainRecord } from '@fintech-ledger/journal';
import { directoryEvents, ledgerEvents } from '@fintech-ledger/ledger/domain';
import { ledgerTransferEvents } from '@fintech-ledger/ledger-transfers/domain';
import { paymentEvents } from '@fintech-ledger/payments/domain';
import { eventRegistryOf } from '@fintech-ledger/runtime';
import { dataSubjectEvents } from '@fintech-ledger/privacy/domain';
import { webhookEvents } from '@fintech-ledger/webhooks/domain';
import { modules } from '../apps/modules';
import { InMemoryLedger } from '../libs/testing/ledger/in-memory-ledger';
import { randomHistory } from '../libs/testing/ledger/random-ledger';
import { stateHash } from '../libs/testing/ledger/state-hash';

const schemas = join(__dirname, '../schemas');
const registry = eventRegistryOf(modules);
const types = registry.types.map(({ name, version }) => [name, version] as const);
const moduleOf = new Map([...registry.versions()].map(({ name, module }) => [name, module]));
const typeOf = (example: string): string => example.slice(0, example.indexOf('/'));
const folderOf = (module: string): string => join(schemas, module, 'events');
/** The file of an event type, such as `AccountOpened/v1.json`. */
const fileOf = (name: string): string => join(folderOf(moduleOf.get(typeOf(name)) ?? ''), name);
const names = types.map(([name]) => name);
interface Golden {
  /** The examples of one stream in the order of its revisions. */
  readonly order: readonly string[];
  /** SHA-256 of the state that folding them gives. */
  readonly stateHash: string;
}

const read = (name: string): unknown => JSON.parse(readFileSync(fileOf(name), 'utf8'));
const golden = JSON.parse(readFileSync(join(schemas, 'golden.json'), 'utf8')) as {
  readonly journal: Golden;
  /** Of what an import booked, beyond the terms of accounts and of holds, after what the journal has. */
  readonly imported: Golden;
  /** Of a payments ledger. */
  readonly payments: Golden;
  /** Of transfers from and to a ledger, after what its journal has. */
  readonly ledgerTransfers: Golden;
  /** The same, of versions in which payments may name customers. */
  readonly paymentsOfCustomers: Golden;
  /** Of the same ledger. */
  readonly customers: Golden;
  /** The journal of a payments ledger, of payments of which something was transferred. */
  readonly transfers: Golden;
  /** The same, of payments that connected accounts get at once. */
  readonly charges: Golden;
  /** The same, of payments by bank and their statements. */
  readonly bankTransfers: Golden;
  /** Of the platform and of a connected account, after what charges have. */
  readonly payouts: Golden;
  /** Of the platform and of a connected account, by bank. */
  readonly payoutsByBank: Golden;
  /** Of the platform, with the account that each goes to, after what those by bank have. */
  readonly payoutsToPayees: Golden;
  /** The journal of a live payments ledger, whose connected accounts are verified. */
  readonly verifiedAccounts: Golden;
  /** Of evidence of disputes, after what payments have. */
  readonly erasedEvidence: Golden;
  /** Of disputes that are lost, the platform's and those of an account, after what charges have. */
  readonly lostDisputes: Golden;
  /** Of accounts that are forgotten, after what verified ones have. */
  readonly erasedAccounts: Golden;
  /** Of what is held of a connected account, and released. */
  readonly reserves: Golden;
  /** Of fees that a rail reports otherwise than expected. */
  readonly feeAdjustments: Golden;
  /** Of what is the platform's own on statements, after what bank transfers have. */
  readonly bankCharges: Golden;
  /** Of how reports of rails are read. */
  readonly feeReports: Golden;
  /** Of payments that are confirmed later, and not by their payer. */
  readonly unconfirmedPayments: Golden;
  /** The same, of connected accounts. */
  readonly connectedAccounts: Golden;
  /** Of shares that parties gave back of a lost dispute, after what splits have. */
  readonly splitReversals: Golden;
  /** Of money between currencies, after what payments have. */
  readonly fx: Golden;
  /** The same, of split rules. */
  readonly splitRules: Golden;
  /** The same, of payments that are split. */
  readonly splits: Golden;
  /** What the journal begins with: the first versions alone, as they were folded before there were others. */
  readonly journalOfFirstVersions: Golden;
  readonly organization: Golden;
  /** What an organization's begins with, likewise. */
  readonly organizationOfFirstVersions: Golden;
  readonly sandbox: Golden;
  /** Of an organization. */
  readonly dataSubjects: Golden;
  /** Nothing is folded from these. */
  readonly audit: Pick<Golden, 'order'>;
  readonly installation: Pick<Golden, 'order'>;
};
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });
addFormats(ajv);
const validators = new Map<string, ValidateFunction>();

const newestOf = (type: string): number => types.find(([name]) => name === type)?.[1] ?? 0;

function validatorOf(type: string, version = newestOf(type)): ValidateFunction {
  const name = `${type}/v${version}.json`;
  const validate = validators.get(name) ?? ajv.compile(read(name) as object);
  validators.set(name, validate);
  return validate;
}
const versionOf = (example: string): number => Number(/\/v(\d+)\./.exec(example)?.[1]);
/** The example as the newest version of its type has it. */
function readBy<T extends AnyEventType>(events: EventList<T>, example: string): EventOf<T> {
  const event = events.read(typeOf(example), versionOf(example), read(example) as object);
  if (typeof event === 'string') throw new Error(event);
  return event;
}
/** Where an event is recorded changes no organization. */
const nowhere = { stream: '', revision: 0, recordedAt: '' };
const examples = [
  ...golden.journal.order,
  ...golden.imported.order,
  ...golden.payments.order,
  ...golden.ledgerTransfers.order,
  ...golden.paymentsOfCustomers.order,
  ...golden.customers.order,
  ...golden.connectedAccounts.order,
  ...golden.splitRules.order,
  ...golden.transfers.order,
  ...golden.charges.order,
  ...golden.payouts.order,
  ...golden.payoutsByBank.order,
  ...golden.payoutsToPayees.order,
  ...golden.verifiedAccounts.order,
  ...golden.erasedEvidence.order,
  ...golden.lostDisputes.order,
  ...golden.erasedAccounts.order,
  ...golden.reserves.order,
  ...golden.feeAdjustments.order,
  ...golden.feeReports.order,
  ...golden.unconfirmedPayments.order,
  ...golden.splits.order,
  ...golden.splitReversals.order,
  ...golden.fx.order,
  ...golden.bankTransfers.order,
  ...golden.bankCharges.order,
  ...golden.organization.order,
  ...golden.sandbox.order,
  ...golden.dataSubjects.order,
  ...golden.audit.order,
  ...golden.installation.order,
];

describe('schemas of events', () => {
  it.each(types)('%s has a schema and an example of each version up to %i', (type, newest) => {
    for (let version = 1; version <= newest; version += 1) {
      expect(existsSync(fileOf(`${type}/v${version}.example.json`))).toBe(true);
      expect(read(`${type}/v${version}.json`)).toMatchObject({
        $id: `urn:fintech-ledger:event:${type}:v${version}`,
      });
    }
  });

  it('there is none for anything else, and every example is folded', () => {
    const folders = [...new Set(moduleOf.values())].flatMap((module) => readdirSync(folderOf(module)));
    expect(folders.sort()).toEqual(names);
    const files = names.flatMap((name) => readdirSync(fileOf(`${name}/`)).map((file) => `${name}/${file}`));
    expect(files.filter((file) => file.includes('.example')).sort()).toEqual([...new Set(examples)].sort());
  });

  it.each(examples)('%s is valid', (example) => {
    const validate = validatorOf(typeOf(example), versionOf(example));
    validate(read(example));
    expect(validate.errors).toBeNull();
  });

  it.each(names)('%s refuses a field that is missing or unknown, at every depth', (type) => {
    for (let version = 1; version <= newestOf(type); version += 1) {
      const validate = validatorOf(type, version);
      for (const changed of distortions(read(`${type}/v${version}.example.json`))) {
        expect([changed, validate(changed)]).toEqual([changed, false]);
      }
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
    // No command makes them alone: the writer does, of a bulk that it cuts, and of a key that it keeps.
    seen.add('TransactionsRefused').add('NothingChanged');
    const folded = [...golden.journal.order, ...golden.imported.order];
    expect([...seen].sort()).toEqual([...new Set(folded.map(typeOf))].sort());
  });
});

describe('folding all examples in order', () => {
  it.each(['journalOfFirstVersions', 'journal'] as const)('gives the same ledger as ever: %s', (name) => {
    const { order, stateHash: expected } = golden[name];
    const events = order.map((example) => readBy(ledgerEvents, example));
    expect(stateHash(InMemoryLedger.of(events).records)).toBe(expected);
  });

  it('gives the same imported transactions as ever', () => {
    const { order, stateHash: expected } = golden.imported;
    const events = [...golden.journal.order, ...order].map((example) => readBy(ledgerEvents, example));
    expect(stateHash(InMemoryLedger.of(events).records)).toBe(expected);
  });

  it.each([
    ['payments', paymentEvents],
    ['paymentsOfCustomers', paymentEvents],
    ['customers', customerEvents],
    ['connectedAccounts', connectEvents],
    ['splitRules', splitEvents],
    ['transfers', paymentEvents],
    ['charges', paymentEvents],
    ['bankTransfers', paymentEvents.with(bankEvents)],
    ['splits', paymentEvents],
    ['reserves', paymentEvents],
    ['payoutsByBank', paymentEvents.with(bankEvents).with(connectEvents)],
    ['verifiedAccounts', connectEvents],
    ['feeAdjustments', paymentEvents],
    ['feeReports', paymentEvents],
    ['unconfirmedPayments', paymentEvents],
  ] as const)('gives the same %s as ever', (name, events: EventList<AnyEventType>) => {
    const { order, stateHash: expected } = golden[name];
    const state = new Map<string, DomainRecord>();
    const domain = modules.domainOf('journal-1');
    order.forEach((example, revision) => {
      const event = readBy(events, example);
      for (const { key, record } of domain.evolve(state, event, { ...nowhere, revision }))
        state.set(key, record);
    });
    expect(stateHash(state)).toBe(expected);
  });

  it.each([
    ['payouts', 'charges'],
    ['payoutsToPayees', 'payoutsByBank'],
    ['bankCharges', 'bankTransfers'],
    ['erasedEvidence', 'payments'],
    ['lostDisputes', 'charges'],
    ['erasedAccounts', 'verifiedAccounts'],
    ['splitReversals', 'splits'],
  ] as const)('gives the same %s as ever', (name, before) => {
    const { order, stateHash: expected } = golden[name];
    const state = new Map<string, DomainRecord>();
    const domain = modules.domainOf('journal-1');
    [...golden[before].order, ...order].forEach((example, revision) => {
      const event = readBy(paymentEvents.with(bankEvents).with(connectEvents), example);
      for (const { key, record } of domain.evolve(state, event, { ...nowhere, revision }))
        state.set(key, record);
    });
    expect(stateHash(state)).toBe(expected);
  });

  it('gives the same money between currencies as ever', () => {
    const { order, stateHash: expected } = golden.fx;
    const state = new Map<string, DomainRecord>();
    const domain = modules.domainOf('journal-1');
    const events = paymentEvents.with(fxEvents);
    [...golden.payments.order, ...order].forEach((example, revision) => {
      for (const { key, record } of domain.evolve(state, readBy(events, example), { ...nowhere, revision }))
        state.set(key, record);
    });
    expect(stateHash(state)).toBe(expected);
  });

  it('gives the same transfers between ledgers as ever', () => {
    const { order, stateHash: expected } = golden.ledgerTransfers;
    const before = golden.journal.order.map((example) => readBy(ledgerEvents, example));
    const state = new Map<string, DomainRecord>(InMemoryLedger.of(before).records);
    const domain = modules.domainOf('journal-1');
    for (const example of order)
      for (const { key, record } of domain.evolve(state, readBy(ledgerTransferEvents, example), nowhere))
        state.set(key, record);
    expect(stateHash(state)).toBe(expected);
  });

  it.each(['organizationOfFirstVersions', 'organization', 'sandbox', 'dataSubjects'] as const)(
    'gives the same organization as ever: %s',
    (name) => {
      const { order, stateHash: expected } = golden[name];
      const state = new Map<string, DomainRecord>();
      for (const example of order) {
        const event = readBy(
          accessEvents.with(directoryEvents).with(webhookEvents).with(dataSubjectEvents),
          example,
        );
        for (const { key, record } of modules.domainOf('org-1').evolve(state, event, nowhere))
          state.set(key, record);
      }
      expect(stateHash(state)).toBe(expected);
    },
  );
});

it.each<[string, EventList<AnyEventType>, readonly string[]]>([
  ['an installation', installationEvents, golden.installation.order],
  ['a ledger', ledgerEvents, [...golden.journal.order, ...golden.imported.order]],
  ['payments', paymentEvents, golden.payments.order],
  ['transfers between ledgers', ledgerTransferEvents, golden.ledgerTransfers.order],
  ['customers', customerEvents, golden.customers.order],
  ['connected accounts', connectEvents, golden.connectedAccounts.order],
  ['money between currencies', fxEvents, golden.fx.order],
  ['split rules', splitEvents, golden.splitRules.order],
  ['transfers', paymentEvents, golden.transfers.order],
  ['charges', paymentEvents, golden.charges.order],
  ['bank transfers', paymentEvents.with(bankEvents), golden.bankTransfers.order],
  ['bank charges', paymentEvents.with(bankEvents), golden.bankCharges.order],
  ['payouts', paymentEvents, golden.payouts.order],
  ['erased evidence', paymentEvents, golden.erasedEvidence.order],
  ['lost disputes', paymentEvents, golden.lostDisputes.order],
  ['erased accounts', connectEvents, golden.erasedAccounts.order],
  ['reserves', paymentEvents, golden.reserves.order],
  ['payouts by bank', paymentEvents.with(bankEvents).with(connectEvents), golden.payoutsByBank.order],
  ['payouts to payees', paymentEvents.with(bankEvents), golden.payoutsToPayees.order],
  ['verified accounts', connectEvents, golden.verifiedAccounts.order],
  ['fee adjustments', paymentEvents, golden.feeAdjustments.order],
  ['reports of fees', paymentEvents, golden.feeReports.order],
  ['payments to be confirmed', paymentEvents, golden.unconfirmedPayments.order],
  ['splits', paymentEvents, golden.splits.order],
  ['reversals of splits', paymentEvents, golden.splitReversals.order],
])('reads the events of %s as their newest version', (_what, events, order) => {
  for (const name of order) {
    const { type, data } = readBy(events, name);
    const validate = validatorOf(type);
    validate(data);
    expect(validate.errors).toBeNull();
  }
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
      // What is in these is up to others.
      if (key !== 'metadata' && key !== 'data')
        for (const changed of distortions(member)) yield { ...value, [key]: changed };
    }
  }
}
