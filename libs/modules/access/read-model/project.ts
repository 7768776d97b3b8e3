import type {
  AccessEvent,
  ApiKeyFacts,
  RotatedApiKeyFacts,
  OrganizationFacts,
  SandboxFacts,
} from '@fintech-ledger/access/domain';
import { organizationPrefix } from '@fintech-ledger/envelope';
import type { DirectoryEvent, LedgerFacts, UnitFacts } from '@fintech-ledger/ledger/domain';
import type { DecodedEvent } from '@fintech-ledger/projection-runtime';

/** What the stream of an organization holds, of both modules. */
type StreamEvent = AccessEvent | DirectoryEvent;
/** An event of an organization, as projections read it. Its owner is the organization. */
type OrganizationEvent = DecodedEvent<typeof organizationPrefix, StreamEvent>;

interface Owned {
  readonly organizationId: string;
  /** Of the event: the order of lists. */
  readonly revision: number;
}
/** Of a sandbox with the live organization that it is below. */
type OrganizationRow = OrganizationFacts & { readonly parentId?: string };
export interface DirectoryChanges {
  readonly organizations: readonly OrganizationRow[];
  readonly sandboxes: readonly (Owned & SandboxFacts)[];
  readonly ledgers: readonly (Owned & LedgerFacts)[];
  readonly units: readonly (Owned & UnitFacts)[];
  readonly usedUnits: readonly { readonly organizationId: string; readonly code: string }[];
  readonly apiKeys: readonly (Owned & ApiKeyFacts)[];
  readonly rotatedKeys: readonly RotatedApiKeyFacts[];
  readonly revokedKeys: readonly { readonly id: string; readonly revokedAt: string }[];
}

/** What a batch has said so far, by what may come again. */
interface OpenChanges {
  readonly organizations: OrganizationRow[];
  readonly sandboxes: (Owned & SandboxFacts)[];
  readonly ledgers: (Owned & LedgerFacts)[];
  readonly units: Map<string, Owned & UnitFacts>;
  readonly usedUnits: Map<string, { readonly organizationId: string; readonly code: string }>;
  readonly apiKeys: (Owned & ApiKeyFacts)[];
  readonly rotatedKeys: Map<string, RotatedApiKeyFacts>;
  readonly revokedKeys: Map<string, { readonly id: string; readonly revokedAt: string }>;
}

type DataOf<N extends StreamEvent['type']> = Extract<StreamEvent, { readonly type: N }>['data'];
/** One for each type: a type without one does not compile. */
type Folds = {
  readonly [N in StreamEvent['type']]: (changes: OpenChanges, owned: Owned, data: DataOf<N>) => void;
};

const folds: Folds = {
  OrganizationCreated({ organizations }, _, { organization }) {
    organizations.push(organization);
  },
  SandboxOpened({ organizations }, _, { organization: { id, name, parentId, createdAt } }) {
    organizations.push({ id, name, parentId, createdAt });
  },
  SandboxCreated({ sandboxes }, owned, { sandbox }) {
    sandboxes.push({ ...owned, ...sandbox });
  },
  LedgerCreated({ ledgers }, owned, { ledger }) {
    ledgers.push({ ...owned, ...ledger });
  },
  UnitDeclared({ units }, owned, { unit }) {
    const place = `${owned.organizationId}/${unit.code}`;
    units.set(place, { ...owned, revision: units.get(place)?.revision ?? owned.revision, ...unit });
  },
  UnitUsed({ usedUnits }, { organizationId }, { code }) {
    usedUnits.set(`${organizationId}/${code}`, { organizationId, code });
  },
  ApiKeyCreated({ apiKeys }, owned, { apiKey }) {
    apiKeys.push({ ...owned, ...apiKey });
  },
  ApiKeyRotated({ rotatedKeys }, _, { apiKey }) {
    rotatedKeys.set(apiKey.id, apiKey);
  },
  ApiKeyRevoked({ revokedKeys }, _, { apiKeyId: id, revokedAt }) {
    if (!revokedKeys.has(id)) revokedKeys.set(id, { id, revokedAt });
  },
  // The clock of a sandbox is in no table: who needs it follows it in the event store.
  ClockFrozen() {},
  ClockReleased() {},
  ClockAdvanceBegun() {},
  ClockAdvanceContinued() {},
  ClockAdvanceEnded() {},
};

type AnyFold = (changes: OpenChanges, owned: Owned, data: object) => void;

/** What a batch says of organizations, each thing once; pure. A unit that is declared again has its last values. */
export function projectDirectory(events: readonly DecodedEvent[]): DirectoryChanges {
  const changes: OpenChanges = {
    organizations: [],
    sandboxes: [],
    ledgers: [],
    units: new Map(),
    usedUnits: new Map(),
    apiKeys: [],
    rotatedKeys: new Map(),
    revokedKeys: new Map(),
  };
  for (const { owner: organizationId, revision, event } of events.filter(isOrganizationEvent)) {
    const fold = folds[event.type] as AnyFold | undefined;
    // Other modules have events in the same stream.
    fold?.(changes, { organizationId, revision }, event.data);
  }
  const { units, usedUnits, rotatedKeys, revokedKeys, ...lists } = changes;
  return {
    ...lists,
    units: [...units.values()],
    usedUnits: [...usedUnits.values()],
    rotatedKeys: [...rotatedKeys.values()],
    revokedKeys: [...revokedKeys.values()],
  };
}

const isOrganizationEvent = (event: DecodedEvent): event is OrganizationEvent =>
  event.prefix === organizationPrefix;
