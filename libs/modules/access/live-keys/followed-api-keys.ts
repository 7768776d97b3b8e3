import { messageOf } from '@fintech-ledger/contract';
import { organizationPrefix } from '@fintech-ledger/envelope';
import { PositionUnknown, StoreUnavailable, withDeadline } from '@fintech-ledger/event-store';
import type { EventsAfter, LogReader } from '@fintech-ledger/event-store';
import { apiKeyFreshMs } from '@fintech-ledger/http/base';
import type { ApiKeyCredentials, ApiKeyDirectory } from '@fintech-ledger/http';
import type { Actors, Clocks, KeyEnd, OwnClock } from '@fintech-ledger/journal';
import type { Logger } from '@fintech-ledger/logging';
import { Pause, ReadModelBehind } from '@fintech-ledger/projection-runtime';
import type { Decode, DecodedEvent } from '@fintech-ledger/projection-runtime';
import type { OrganizationQueries } from '../read-model/queries';
import { setTimeout as sleep } from 'node:timers/promises';
import { endOf } from './key-credentials';
import { elapsedMs, KnownApiKeys, presentMoment } from './known-api-keys';
import type { Moment } from './known-api-keys';
import * as limits from './limits';

export interface FollowedApiKeysOptions {
  /** The event store, over connections that nothing else uses: whoever is slow elsewhere must not make this wait. */
  readonly log: LogReader;
  readonly decode: Decode<DecodedEvent>;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** The read models, for keys that are not in memory. Absent: nobody asks for those. */
  readonly older?: Pick<OrganizationQueries, 'apiKeyCredentials' | 'waitFor'>;
  readonly keysMax?: number;
  /** No other process answers for what is stored here. */
  readonly isAlone?: boolean;
  readonly now?: () => Moment;
}

/**
 * The API keys that there are, and the clocks of sandboxes, as the event store has them: read from its log again and
 * again, so that it is known as of when they are known. While the store does not answer they get older, and whoever
 * asks can see how old they are.
 */
export class FollowedApiKeys implements ApiKeyDirectory, Actors, Clocks {
  private keys: KnownApiKeys;
  /** What is being read from the beginning, beside what is in use. */
  private next: KnownApiKeys | undefined;
  private readonly startedAt: Moment;
  private readonly haltedAt = new Map<string, Moment>();
  private reloadedAt: Moment;
  private isLost = false;
  private isFailing = false;
  private asked: ((isDone: boolean) => void)[] = [];
  private readonly pause = new Pause();
  private firstTurn: Promise<void> | undefined;
  private running: Promise<void> | undefined;
  private readonly now: () => Moment;
  private readonly wallMs = (): number => this.now().wallMs;

  constructor(private readonly options: FollowedApiKeysOptions) {
    this.now = options.now ?? presentMoment;
    this.keys = this.fresh();
    this.startedAt = this.now();
    this.reloadedAt = this.startedAt;
  }

  /** Begins to follow; resolves when everything was read, or could not be. */
  start(): Promise<void> {
    this.firstTurn ??= this.turn().then(() => undefined);
    this.running ??= this.firstTurn.then(() => this.run());
    return this.firstTurn;
  }

  async close(): Promise<void> {
    this.pause.end();
    for (const answer of this.asked.splice(0)) answer(false);
    await this.running;
  }

  find(keyId: string): ApiKeyCredentials | undefined {
    return this.keys.find(keyId);
  }

  /** The organization that was made first, of what is known. */
  firstOrganization(): string | undefined {
    return this.keys.firstOrganization;
  }

  ended = (keyId: string, secret = 1): KeyEnd | undefined =>
    this.keys.isRevoked(keyId) ? 'revoked' : endOf(this.keys.find(keyId), secret, this.wallMs);

  clockOf(organizationId: string): OwnClock | 'real' | undefined {
    if (this.keys.isLive(organizationId)) return 'real';
    if (this.doubt(organizationId) !== undefined) return undefined;
    return this.keys.clocks.get(organizationId) ?? { aheadMs: 0 };
  }

  moved = (): ReadonlyMap<string, OwnClock> => this.keys.clocks;

  ageMs(organizationId: string): number {
    const now = this.now();
    const halted = this.haltedAt.get(organizationId);
    if (halted !== undefined) return elapsedMs(halted, now);
    // What was never read is never fresh, however short ago the process began.
    const { asOf } = this.keys;
    if (asOf === undefined) return elapsedMs(this.startedAt, now) + 2 * apiKeyFreshMs;
    return elapsedMs(asOf, now);
  }

  doubt(organizationId: string): string | undefined {
    const ageMs = this.ageMs(organizationId);
    if (ageMs <= apiKeyFreshMs) return undefined;
    const halted = this.keys.halted.get(organizationId);
    if (halted !== undefined) return `which API keys are in force can't be read: ${halted}`;
    return `which API keys are in force was last read ${Math.round(ageMs / 100) / 10} s ago`;
  }

  /** For an operator: why commands are refused, or some are. */
  problem(): string | undefined {
    const [halted] = this.keys.halted;
    if (halted !== undefined)
      return `The API keys of ${halted[0]} can't be read, its commands are refused: ${halted[1]}.`;
    const ageMs = this.ageMs('');
    if (ageMs <= 2 * apiKeyFreshMs) return undefined;
    const seconds = Math.round(ageMs / 1_000);
    return `The event store has not told for ${seconds} s which API keys are in force: commands are refused.`;
  }

  refresh(): Promise<boolean> {
    if (this.pause.isEnded) return Promise.resolve(false);
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.isFailing ? limits.failingMs : limits.refreshMsMax, false);
      this.asked.push((isDone) => {
        clearTimeout(timer);
        resolve(isDone);
      });
      this.pause.wake();
    });
  }

  async untilKnownEverywhere(): Promise<void> {
    const begunAtMs = performance.now();
    const isKnown = await this.refresh();
    if (isKnown && this.options.isAlone === true) return;
    await sleep(Math.max(0, apiKeyFreshMs + limits.timerMs - (performance.now() - begunAtMs)));
  }

  /** Whether the read models have all that is known of this key's organization, in this time. */
  async isRead(keyId: string, timeoutMs: number): Promise<boolean> {
    const { organizationId } = this.keys.find(keyId) ?? {};
    if (organizationId === undefined) return false;
    const revision = this.keys.revisionOf(organizationId);
    const asked = this.options.older?.waitFor(organizationId, revision, timeoutMs);
    return (await asked?.catch(() => false)) ?? false;
  }

  async recall(keyId: string): Promise<ApiKeyCredentials | undefined> {
    const { older } = this.options;
    const { keys } = this;
    const isUnread = keys.asOf === undefined;
    if (older === undefined || !(isUnread || keys.hasForgotten)) return undefined;
    const found = await older.apiKeyCredentials(keyId);
    if (found === null) return undefined;
    // The read models count only as far as the log is known: a revocation that they have not seen yet is in it.
    const { organizationId } = found;
    if (!(await older.waitFor(organizationId, keys.revisionOf(organizationId), limits.recallMsMax))) {
      throw new ReadModelBehind(1, 'The read models have not reached what was done to API keys yet.');
    }
    const again = await older.apiKeyCredentials(keyId);
    if (again === null || again.revokedAt !== null) return undefined;
    const { revokedAt: _null, ...credentials } = again;
    return isUnread ? credentials : keys.remember(credentials);
  }

  private async run(): Promise<void> {
    while (!this.pause.isEnded) {
      await this.rest();
      const asked = this.asked.splice(0);
      const isDone = await this.turn();
      for (const answer of asked) answer(isDone);
    }
  }

  /** Until the next read; shorter when somebody asks. */
  private async rest(): Promise<void> {
    await sleep(limits.pauseMsMin);
    if (this.asked.length > 0 || this.pause.isEnded) return;
    await this.pause.forMs(limits.pollMs - limits.pauseMsMin);
  }

  /** Reads up to the end of the log. Whether it could. */
  private async turn(): Promise<boolean> {
    const keys = (this.next ??= this.mustReload() ? this.fresh() : this.keys);
    try {
      for (;;) {
        const begun = this.now();
        const found = await this.read(keys);
        keys.take(found.events);
        keys.position = found.position ?? keys.position;
        if (!found.isAll) continue;
        this.have(keys, begun);
        return true;
      }
    } catch (error) {
      this.failed(error);
      return false;
    }
  }

  private mustReload(): boolean {
    if (this.isLost || this.keys.asOf === undefined) return true;
    return this.haltedAt.size > 0 && elapsedMs(this.reloadedAt, this.now()) > limits.reloadMs;
  }

  private have(keys: KnownApiKeys, begun: Moment): void {
    if (keys !== this.keys) this.reloadedAt = begun;
    keys.asOf = begun;
    this.keys = keys;
    this.next = undefined;
    this.isLost = false;
    if (this.isFailing) this.options.logger.info('the API keys in force are known again');
    this.isFailing = false;
    for (const [organizationId, reason] of keys.halted) {
      if (this.haltedAt.has(organizationId)) continue;
      this.haltedAt.set(organizationId, begun);
      this.options.logger.error(
        { organizationId, reason },
        'the API keys of an organization can not be read',
      );
    }
    for (const organizationId of this.haltedAt.keys())
      if (!keys.halted.has(organizationId)) this.haltedAt.delete(organizationId);
  }

  private failed(error: unknown): void {
    if (this.pause.isEnded) return;
    if (error instanceof PositionUnknown) {
      // Another store, or an older backup: everything is read again, and until then what is known gets older.
      this.isLost = true;
      this.next = undefined;
    }
    if (!this.isFailing)
      this.options.logger.warn({ reason: messageOf(error) }, 'the API keys in force can not be read');
    this.isFailing = true;
  }

  private async read({ position }: KnownApiKeys): Promise<EventsAfter> {
    const answer = this.options.log.readAfter(position, [organizationPrefix]);
    if (position === undefined) return answer;
    const late = `the event store has not answered for ${limits.readMsMax} ms`;
    return withDeadline(answer, limits.readMsMax, () => new StoreUnavailable(late));
  }

  private fresh(): KnownApiKeys {
    return new KnownApiKeys(this.options.decode, this.options.keysMax ?? limits.keysKnownMax);
  }
}
