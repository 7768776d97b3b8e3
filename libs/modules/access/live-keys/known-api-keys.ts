import { BoundedMap, messageOf } from '@fintech-ledger/contract';
import { clockAfter, isClockEvent } from '@fintech-ledger/access/domain';
import type { AccessEvent, ApiKeyFacts, RotatedApiKeyFacts } from '@fintech-ledger/access/domain';
import { organizationPrefix, streamOwner } from '@fintech-ledger/envelope';
import type { GlobalPosition, RecordedEvent } from '@fintech-ledger/event-store';
import type { ApiKeyCredentials, Environment } from '@fintech-ledger/http';
import type { OwnClock } from '@fintech-ledger/journal';
import type { Decode, DecodedEvent } from '@fintech-ledger/projection-runtime';
import { credentialsOf } from './key-credentials';

/** A point in time, on two clocks: one does not go on while the machine sleeps, the other may be set. */
export interface Moment {
  readonly monotonicMs: number;
  readonly wallMs: number;
}

export const presentMoment = (): Moment => ({ monotonicMs: performance.now(), wallMs: Date.now() });

/** How long ago it was at most. */
export function elapsedMs(since: Moment, now: Moment): number {
  return Math.max(now.monotonicMs - since.monotonicMs, now.wallMs - since.wallMs);
}

interface Head {
  readonly revision: number;
  readonly hash: string | undefined;
}

/** What the events of organizations say of their API keys, up to a position of the log, and as of when that is so. */
export class KnownApiKeys {
  /** Everything up to here was taken. */
  position: GlobalPosition | undefined;
  /** When the read began that had everything; undefined: none had it yet. */
  asOf: Moment | undefined;
  /** The organization that was made first: it operates the installation. */
  firstOrganization: string | undefined;
  /** By organization: why an event of its stream could not be taken. Nothing after it is. */
  readonly halted = new Map<string, string>();
  private readonly inForce: BoundedMap<string, ApiKeyCredentials>;
  private readonly revoked: BoundedMap<string, true>;
  /** By sandbox. */
  readonly clocks = new Map<string, OwnClock>();
  private readonly sandboxes = new Set<string>();
  private readonly heads = new Map<string, Head>();

  constructor(
    private readonly decode: Decode<DecodedEvent>,
    keysMax: number,
  ) {
    this.inForce = new BoundedMap(keysMax);
    this.revoked = new BoundedMap(keysMax);
  }

  /** Some keys may be in force and not in memory. */
  get hasForgotten(): boolean {
    return this.inForce.isLossy;
  }

  find(keyId: string): ApiKeyCredentials | undefined {
    return this.inForce.get(keyId);
  }

  isRevoked(keyId: string): boolean {
    return this.revoked.get(keyId) === true;
  }

  /** Of the last event of the organization that was taken; -1: of none. */
  revisionOf(organizationId: string): number {
    return this.heads.get(organizationId)?.revision ?? -1;
  }

  /** Whether it is known that an organization is live: that never changes. */
  isLive(organizationId: string): boolean {
    return this.heads.has(organizationId) && !this.sandboxes.has(organizationId);
  }

  /** A key that had been forgotten. */
  remember(credentials: ApiKeyCredentials): ApiKeyCredentials | undefined {
    const { keyId } = credentials;
    if (this.isRevoked(keyId)) return undefined;
    const known = this.find(keyId);
    if (known === undefined) this.inForce.set(keyId, credentials);
    return known ?? credentials;
  }

  /** Takes what comes next in the log. What can't be taken halts its organization alone. */
  take(events: readonly RecordedEvent[]): void {
    for (const recorded of events) {
      const organizationId = streamOwner(recorded.stream);
      if (!recorded.stream.startsWith(organizationPrefix) || this.halted.has(organizationId)) continue;
      try {
        this.takeOne(organizationId, recorded);
      } catch (error) {
        this.halted.set(organizationId, messageOf(error));
      }
    }
  }

  private takeOne(organizationId: string, recorded: RecordedEvent): void {
    const head = this.heads.get(organizationId);
    if (recorded.revision <= (head?.revision ?? -1)) return;
    const decoded = this.decode(recorded);
    const follows = recorded.revision === (head?.revision ?? -1) + 1;
    if (!follows || (head !== undefined && decoded.previousHash !== head.hash)) {
      throw new Error(`${recorded.stream}@${recorded.revision} does not follow the event before it`);
    }
    this.fold(organizationId, decoded.event as AccessEvent);
    this.heads.set(organizationId, { revision: recorded.revision, hash: decoded.hash });
  }

  private fold(organizationId: string, event: AccessEvent): void {
    if (event.type === 'OrganizationCreated') this.firstOrganization ??= organizationId;
    else if (event.type === 'SandboxOpened') this.sandboxes.add(organizationId);
    else if (event.type === 'ApiKeyCreated') {
      this.have(organizationId, event.data.apiKey);
    } else if (event.type === 'ApiKeyRotated') {
      this.have(organizationId, event.data.apiKey);
    } else if (event.type === 'ApiKeyRevoked') {
      const { apiKeyId } = event.data;
      this.revoked.set(apiKeyId, true);
      this.inForce.delete(apiKeyId);
    } else if (isClockEvent(event)) {
      const { time, since } = clockAfter(event);
      const timeMs = Date.parse(time);
      const clock = since === null ? { frozenAtMs: timeMs } : { aheadMs: timeMs - Date.parse(since) };
      this.clocks.set(organizationId, clock);
    }
  }

  private have(organizationId: string, apiKey: ApiKeyFacts | RotatedApiKeyFacts): void {
    const owner = { organizationId, environment: this.environmentOf(organizationId) };
    this.inForce.set(apiKey.id, credentialsOf(owner, apiKey));
  }

  /** Known before the first of its keys: it is said by the first event of its stream. */
  private environmentOf(organizationId: string): Environment {
    if (this.sandboxes.has(organizationId)) return 'sandbox';
    return organizationId === this.firstOrganization ? 'operator' : 'live';
  }
}
