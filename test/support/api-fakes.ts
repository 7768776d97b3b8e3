import { tmpdir } from 'node:os';
import path from 'node:path';
import { apiKeyHmac } from '@fintech-ledger/access';
import { formatApiKey, newApiKeyId } from '@fintech-ledger/access/domain';
import type { ApiKeyCredentials, ApiKeyDirectory } from '@fintech-ledger/http';
import type { OrganizationQueries } from '@fintech-ledger/access';
import type { PublicEventQueries } from '@fintech-ledger/events';
import type { LedgerQueries } from '@fintech-ledger/ledger';
import { revision } from '@fintech-ledger/event-store';
import { OutboundGuard } from '@fintech-ledger/outbound';
import type { WebhookOutbox, WebhookQueries } from '@fintech-ledger/webhooks';
import { Alarms } from '@fintech-ledger/health';
import type { CommandEnvelope, CommandGateway, CommandOutcome } from '@fintech-ledger/journal';
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
  publicEventQueries: PublicEventQueries;
  webhookQueries: WebhookQueries;
  webhookOutbox: WebhookOutbox;
} {
  const owners: Readonly<Record<string, string>> = { [ledgerId]: organizationId, [otherLedgerId]: 'org_2' };
  const at = <T>(result: T) => Promise.resolve({ result, revision: 7 });
  const ledgerQueries: LedgerQueries = {
    waitFor: (_ledger, wanted) => Promise.resolve(wanted <= 7),
    haltedReason: () => Promise.resolve(undefined),
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
  const publicEventQueries: PublicEventQueries = {
    find: () => at([]),
    findBorn: () => at([]),
    standing: () => Promise.resolve({ behind: [], halted: undefined }),
    haltedReason: () => Promise.resolve(undefined),
    waitFor: (_stream, wanted) => Promise.resolve(wanted <= 7),
  };
  const webhookQueries: WebhookQueries = {
    waitFor: (_organization, wanted) => Promise.resolve(wanted <= 7),
    haltedReason: () => Promise.resolve(undefined),
    endpoint: () => at(null),
    endpoints: () => at(emptyPage),
  };
  const webhookOutbox: WebhookOutbox = {
    keepHeaders: () => Promise.resolve(),
    forgetHeaders: () => Promise.resolve(),
    deliveries: () => Promise.resolve(emptyPage),
    delivery: () => Promise.resolve(null),
    retry: () => Promise.resolve(null),
    addTest: () => Promise.reject(new Error('there is no endpoint')),
  };
  return { ledgerQueries, organizationQueries, publicEventQueries, webhookQueries, webhookOutbox };
}

/** Keys that are in force, as of `ageMs` ago. */
export class FakeKeys implements ApiKeyDirectory {
  readonly revoked = new Set<string>();
  age = 0;
  refreshes = 0;
  /** What a refresh does; false: the store does not answer. */
  onRefresh: () => boolean = () => true;
  recall: ApiKeyDirectory['recall'] = () => Promise.resolve(undefined);

  constructor(readonly inForce: ApiKeyCredentials[]) {}

  find(keyId: string): ApiKeyCredentials | undefined {
    return this.isRevoked(keyId) ? undefined : this.inForce.find((key) => key.keyId === keyId);
  }
  isRevoked(keyId: string): boolean {
    return this.revoked.has(keyId);
  }
  ageMs(): number {
    return this.age;
  }
  refresh(): Promise<boolean> {
    this.refreshes += 1;
    return Promise.resolve(this.onRefresh());
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
    },
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
