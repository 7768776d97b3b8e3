import { generateKeyPairSync } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { apiKeyHmac } from '@fintech-ledger/access';
import { formatApiKey, newApiKeyId } from '@fintech-ledger/access/domain';
import type { AuditKeys, AuditLogQueries, MerkleLogQueries } from '@fintech-ledger/audit';
import type { ApiKeyCredentials, ApiKeyDirectory } from '@fintech-ledger/http';
import type { OrganizationQueries } from '@fintech-ledger/access';
import type { PublicEventQueries } from '@fintech-ledger/events';
import type { LedgerQueries } from '@fintech-ledger/ledger';
import type { LedgerTransferQueries } from '@fintech-ledger/ledger-transfers';
import { revision } from '@fintech-ledger/event-store';
import { OutboundGuard } from '@fintech-ledger/outbound';
import type { BankQueries } from '@fintech-ledger/bank';
import type { ConnectQueries } from '@fintech-ledger/connect';
import type { FxQueries } from '@fintech-ledger/fx';
import type { SplitQueries } from '@fintech-ledger/splits';
import type { CustomerQueries } from '@fintech-ledger/customers';
import type { PaymentQueries } from '@fintech-ledger/payments';
import type { DataSubjectQueries, SubjectKeys } from '@fintech-ledger/privacy';
import type { WebhookOutbox, WebhookQueries } from '@fintech-ledger/webhooks';
import { Alarms } from '@fintech-ledger/health';
import type { CommandEnvelope, CommandGateway, CommandOutcome, KeyEnd } from '@fintech-ledger/journal';
import type { ApiDeps, ApiLog } from '../../apps/api/src';

/** Fakes of what the HTTP API talks to, for tests of its manners rather than of the books. */
export const pepper = 'test-pepper';
export const organizationId = 'org_1';
export const ledgerId = 'led_1';
export const otherLedgerId = 'led_2';

export interface IssuedKey {
  readonly token: string;
  readonly credentials: ApiKeyCredentials;
}

/** A key of an organization with these scopes. `seed`: a byte that makes it another key. */
export function issueKey(scopes: readonly string[], seed: number, organization = organizationId): IssuedKey {
  const keyId = newApiKeyId(1_800_000_000_000, Buffer.alloc(6, seed));
  const token = formatApiKey(keyId, Buffer.alloc(32, seed));
  const hmac = apiKeyHmac(pepper, token);
  const environment = 'operator';
  return { token, credentials: { keyId, organizationId: organization, environment, hmac, scopes } };
}

const anyTransaction = () => accepted('{"id":"txn_1","position":"led_1@7"}');

export class FakeGateway implements CommandGateway {
  readonly submitted: CommandEnvelope[] = [];
  answer: (envelope: CommandEnvelope) => CommandOutcome | Promise<CommandOutcome> = anyTransaction;

  reset(): void {
    this.submitted.length = 0;
    this.answer = anyTransaction;
  }

  async submit(envelope: CommandEnvelope): Promise<CommandOutcome> {
    this.submitted.push(envelope);
    return this.answer(envelope);
  }
}

export function accepted(answer: string, replayed = false): CommandOutcome {
  return { kind: 'accepted', answer, revision: revision(7), replayed };
}

export class SilentLog implements ApiLog {
  readonly bugs: object[] = [];
  debug(): void {}
  info(): void {}
  warn(): void {}
  error(facts: object): void {
    this.bugs.push(facts);
  }
}

const emptyPage = { data: [], has_more: false, next_cursor: null };

/** Read models that know two ledgers of two organizations, and nothing in them. */
function fakeQueries(): {
  ledgerQueries: LedgerQueries;
  organizationQueries: OrganizationQueries;
  paymentQueries: PaymentQueries;
  ledgerTransferQueries: LedgerTransferQueries;
  bankQueries: BankQueries;
  connectQueries: ConnectQueries;
  fxQueries: FxQueries;
  splitQueries: SplitQueries;
  customerQueries: CustomerQueries;
  subjectKeys: SubjectKeys;
  publicEventQueries: PublicEventQueries;
  webhookQueries: WebhookQueries;
  dataSubjectQueries: DataSubjectQueries;
  merkleLogQueries: MerkleLogQueries;
  auditLogQueries: AuditLogQueries;
  auditKeys: AuditKeys;
  webhookOutbox: WebhookOutbox;
} {
  const owners: Readonly<Record<string, string>> = { [ledgerId]: organizationId, [otherLedgerId]: 'org_2' };
  const at = <T>(result: T) => Promise.resolve({ result, revision: 7 });
  const ledgerQueries: LedgerQueries = {
    waitFor: (_ledger, wanted) => Promise.resolve(wanted <= 7),
    haltedReason: () => Promise.resolve(undefined),
    eventIndex: { waitFor: (_ledger, wanted) => Promise.resolve(wanted <= 7) },
    read: <T>() => at(emptyPage) as Promise<T>,
    account: () => at(null),
    accounts: () => at(emptyPage),
    balance: () => at(null),
    trialBalance: () => at({ ...emptyPage, totals: [], balanced: true, position: `${ledgerId}@7` }),
    transaction: () => at(null),
    transactions: () => at(emptyPage),
    accountEntries: () => at(null),
    findEvents: () => Promise.resolve({ revisions: [], through: -1, isEnd: true }),
  };
  const organizationQueries: OrganizationQueries = {
    waitFor: (_organization, wanted) => Promise.resolve(wanted <= 7),
    haltedReason: () => Promise.resolve(undefined),
    ledger: (organization, ledger) =>
      at(
        owners[ledger] === organization
          ? {
              id: ledger,
              object: 'ledger',
              name: 'Books',
              description: null,
              metadata: {},
              created_at: '2026-01-01T00:00:00.000Z',
            }
          : null,
      ),
    ledgers: () => at(emptyPage),
    unit: () => Promise.resolve(null),
    units: () => at(emptyPage),
    sandbox: () => at(null),
    sandboxes: () => at(emptyPage),
    apiKeys: () => at(emptyPage),
    apiKeyCredentials: () => Promise.resolve(null),
  };
  const paymentQueries: PaymentQueries = {
    waitFor: (_ledger, wanted) => Promise.resolve(wanted <= 7),
    haltedReason: () => Promise.resolve(undefined),
    object: () => at(null),
    payments: () => at(emptyPage),
    refunds: () => at(emptyPage),
    history: () => at({ states: [], hasMore: false, nextCursor: null }),
    attempts: () => at(emptyPage),
    payouts: () => at(emptyPage),
    payoutBatches: () => at(emptyPage),
    transfers: () => at(emptyPage),
    splits: () => at(emptyPage),
    disputes: () => at(emptyPage),
    balance: () => at([]),
    negativeBalances: () => at(emptyPage),
    railItems: () => at([]),
    unconfirmed: () => at([]),
    balanceTransaction: () => at(null),
    balanceTransactions: () => at(emptyPage),
  };
  const ledgerTransferQueries: LedgerTransferQueries = {
    waitFor: (_stream, wanted) => Promise.resolve(wanted <= 7),
    standing: () => Promise.resolve({ behind: [], halted: undefined }),
    standingOfAll: () => Promise.resolve({ behind: [], halted: undefined }),
    haltedLedger: () => Promise.resolve(undefined),
    ledgerOf: () => Promise.resolve(undefined),
    transfer: () => at(null),
    transfers: () => at(emptyPage),
    history: () => at({ states: [], hasMore: false, nextCursor: null }),
  };
  const bankQueries: BankQueries = {
    waitFor: (_ledger, wanted) => Promise.resolve(wanted <= 7),
    haltedReason: () => Promise.resolve(undefined),
    object: () => at(null),
    lines: () => at(emptyPage),
    bookedStatements: () => at([]),
    openLines: () => at([]),
    statements: () => at(emptyPage),
    history: () => at({ states: [], hasMore: false, nextCursor: null }),
  };
  const connectQueries: ConnectQueries = {
    waitFor: (_ledger, wanted) => Promise.resolve(wanted <= 7),
    haltedReason: () => Promise.resolve(undefined),
    object: () => at(null),
    accounts: () => at(emptyPage),
    history: () => at({ states: [], hasMore: false, nextCursor: null }),
  };
  const fxQueries: FxQueries = {
    waitFor: (_ledger, wanted) => Promise.resolve(wanted <= 7),
    haltedReason: () => Promise.resolve(undefined),
    object: () => at(null),
    rates: () => at(emptyPage),
    quotes: () => at(emptyPage),
    conversions: () => at(emptyPage),
    history: () => at({ states: [], hasMore: false, nextCursor: null }),
    exposure: () => at({ positions: [], rates: [] }),
  };
  const splitQueries: SplitQueries = {
    waitFor: (_ledger, wanted) => Promise.resolve(wanted <= 7),
    haltedReason: () => Promise.resolve(undefined),
    object: () => at(null),
    version: () => at(null),
    rules: () => at(emptyPage),
    history: () => at({ states: [], hasMore: false, nextCursor: null }),
  };
  const customerQueries: CustomerQueries = {
    waitFor: (_ledger, wanted) => Promise.resolve(wanted <= 7),
    haltedReason: () => Promise.resolve(undefined),
    object: () => at(null),
    customers: () => at(emptyPage),
    methods: () => at(emptyPage),
    history: () => at({ states: [], hasMore: false, nextCursor: null }),
  };
  const subjectKeys: SubjectKeys = {
    newId: () => Promise.resolve('sub_1'),
    idOf: () => 'sub_1',
    claim: (organizationId, id) =>
      Promise.resolve({ organizationId, subject: { id, key: Buffer.alloc(32) }, isNew: true, token: '1' }),
    claimOf: (organizationId, subject) => ({ organizationId, subject, isNew: false, token: '1' }),
    keep: () => Promise.resolve(),
    release: () => Promise.resolve(),
    claimed: () => Promise.resolve([]),
    settle: () => Promise.resolve(),
    trial: (id) => ({ id, key: Buffer.alloc(32) }),
    select: () => Promise.resolve(new Map()),
    note: () => Promise.resolve(),
    tagOf: () => '00',
    destroy: () => Promise.resolve(),
    destroyErased: () => Promise.resolve(0),
  };
  const publicEventQueries: PublicEventQueries = {
    find: () => at([]),
    findBorn: () => at([]),
    standing: () => Promise.resolve({ behind: [], halted: undefined }),
    haltedReason: () => Promise.resolve(undefined),
    waitFor: (_stream, wanted) => Promise.resolve(wanted <= 7),
  };
  const auditLogQueries: AuditLogQueries = {
    standing: () => Promise.resolve({ behind: [], halted: undefined }),
    haltedReason: () => Promise.resolve(undefined),
    waitFor: (_stream, wanted) => Promise.resolve(wanted <= 7),
    origins: { find: () => Promise.resolve(new Map()), ofAddress: noOrigins },
    find: () => at([]),
    earlier: () => Promise.resolve([]),
    keyNames: () => Promise.resolve(new Map()),
  };
  const webhookQueries: WebhookQueries = {
    waitFor: (_organization, wanted) => Promise.resolve(wanted <= 7),
    haltedReason: () => Promise.resolve(undefined),
    endpoint: () => at(null),
    endpoints: () => at(emptyPage),
    revision: () => Promise.resolve(7),
  };
  const dataSubjectQueries: DataSubjectQueries = {
    waitFor: (_organization, wanted) => Promise.resolve(wanted <= 7),
    haltedReason: () => Promise.resolve(undefined),
    subject: () => at(null),
    subjects: () => at(emptyPage),
  };
  const merkleLogQueries: MerkleLogQueries = {
    waitFor: (_ledger, wanted) => Promise.resolve(wanted <= 7),
    haltedReason: () => Promise.resolve(undefined),
    size: () => Promise.resolve(0),
    tree: () => ({ root: () => Promise.resolve(Buffer.alloc(32)) }) as never,
  };
  const auditKeys: AuditKeys = {
    signing: () => Promise.resolve({ keyId: 'adk_1', privateKey: generateKeyPairSync('ed25519').privateKey }),
    list: () => Promise.resolve(emptyPage),
    find: () => Promise.resolve(undefined),
    rotate: () => Promise.reject(new Error('there are no keys')),
  };
  const webhookOutbox: WebhookOutbox = {
    keepHeaders: () => Promise.resolve(),
    forgetHeaders: () => Promise.resolve(),
    deliveries: () => Promise.resolve(emptyPage),
    delivery: () => Promise.resolve(null),
    retry: () => Promise.resolve(null),
    addTest: () => Promise.reject(new Error('there is no endpoint')),
    parked: () => Promise.resolve(emptyPage),
    replays: {
      start: () => Promise.reject(new Error('there is no endpoint')),
      get: () => Promise.resolve(null),
      cancel: () => Promise.resolve({ isCanceled: false, replay: null }),
    },
  };
  return {
    ledgerQueries,
    organizationQueries,
    paymentQueries,
    ledgerTransferQueries,
    bankQueries,
    connectQueries,
    fxQueries,
    splitQueries,
    customerQueries,
    subjectKeys,
    publicEventQueries,
    webhookQueries,
    dataSubjectQueries,
    webhookOutbox,
    merkleLogQueries,
    auditLogQueries,
    auditKeys,
  };
}

const unasked = (): Promise<never> => Promise.reject(new Error('nobody asks for it'));
const noRebuilds: ApiDeps['rebuilds'] = {
  start: unasked,
  list: unasked,
  get: unasked,
  swap: unasked,
  cancel: unasked,
  rollback: unasked,
  drop: unasked,
};

const noParked: ApiDeps['parkedEvents'] = {
  list: unasked,
  get: unasked,
  retry: unasked,
  discard: unasked,
};

/** Keys that are in force, as of `ageMs` ago. */
export class FakeKeys implements ApiKeyDirectory {
  readonly revoked = new Set<string>();
  /** Why a secret of a key opens nothing any more, by both. */
  readonly ends = new Map<string, KeyEnd>();
  age = 0;
  /** How often it was asked who holds a key. */
  checks = 0;
  refreshes = 0;
  /** What a refresh does; false: the store does not answer. */
  onRefresh: () => boolean = () => true;
  recall: ApiKeyDirectory['recall'] = () => Promise.resolve(undefined);

  constructor(readonly inForce: ApiKeyCredentials[]) {}

  find(keyId: string): ApiKeyCredentials | undefined {
    this.checks += 1;
    return this.revoked.has(keyId) ? undefined : this.inForce.find((key) => key.keyId === keyId);
  }
  ended(keyId: string, secret = 1): KeyEnd | undefined {
    if (this.revoked.has(keyId)) return 'revoked';
    return this.ends.get(`${keyId}/${secret}`);
  }
  ageMs(): number {
    return this.age;
  }
  refresh(): Promise<boolean> {
    this.refreshes += 1;
    return Promise.resolve(this.onRefresh());
  }
  async untilKnownEverywhere(): Promise<void> {
    await this.refresh();
  }
}

export interface FakeWorld extends ApiDeps {
  readonly apiKeys: FakeKeys;
  readonly gateway: FakeGateway;
  readonly log: SilentLog;
}

/** A world with these keys; `over` replaces parts of it. */
export function fakeWorld(
  keys: readonly IssuedKey[],
  eventStore: ApiDeps['eventStore'],
  over: Partial<ApiDeps> = {},
): FakeWorld {
  const queries = fakeQueries();
  return {
    ...queries,
    projectionQueries: {
      projections: () => Promise.resolve([]),
      unbalancedLedgers: () => Promise.resolve([]),
      transit: () => Promise.resolve({ openCount: 0, oldestOpenMs: 0, differences: [] }),
    },
    trials: { begin: () => ({ submit: unasked, close: () => undefined }) },
    dueStreams: { dueOf: () => Promise.resolve([]) },
    rebuilds: noRebuilds,
    simulator: {
      settings: unasked,
      change: unasked,
      action: unasked,
      complete: unasked,
      closeDispute: unasked,
      reportFee: unasked,
      settlements: () => Promise.resolve([]),
    },
    parkedEvents: noParked,
    keptAnswers: { claim: unasked, renew: unasked, keep: unasked, giveUp: unasked },
    outboundGuard: new OutboundGuard([], () => Promise.resolve([])),
    apiKeyReadsMs: 900_000,
    eventStore,
    importSpool: { folder: path.join(tmpdir(), 'fintech-ledger-fakes-spool'), bytesMax: 100_000_000 },
    pepper,
    metrics: { render: () => 'up 1\n' },
    confirmClock: () => Promise.resolve({ id: '1', confirmedAt: '2026-01-01T00:00:00.000Z' }),
    alarms: new Alarms(),
    healthChecks: {},
    ...over,
    apiKeys: new FakeKeys(keys.map(({ credentials }) => credentials)),
    gateway: new FakeGateway(),
    log: new SilentLog(),
  };
}

async function* noOrigins(): AsyncGenerator<never> {}
