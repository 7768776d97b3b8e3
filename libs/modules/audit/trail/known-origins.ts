import { newRequestPart } from '@fintech-ledger/http/base';
import { instruments } from '@fintech-ledger/telemetry';
import { originMs, originsKnownMax, originsOfOrganizationMax, originsOwnedAnyway } from './limits';

/** Where requests came from. */
export interface Origin {
  /** What their ids begin with, behind `req_`. */
  readonly origin: string;
  readonly organizationId: string;
  readonly ip: string;
  readonly userAgent: string | null;
  readonly seenMs: number;
}

/**
 * The origins of the last hour, of requests with a valid key: one for each key, address and user agent. Of an
 * organization that sends ever new user agents it keeps the addresses alone in the end, and none of ever new addresses.
 * Whatever others send, each organization has room for some.
 */
export class KnownOrigins {
  /** By key, the oldest first. */
  readonly names = new Map<string, string>();
  private readonly known = new Map<string, { readonly organizationId: string; readonly seenMs: number }>();
  private readonly counts = new Map<string, number>();
  /** By organization. */
  private readonly unwritten = new Map<string, Origin[]>();
  private readonly nobody = newRequestPart();

  learn(key: string, from: Omit<Origin, 'origin' | 'seenMs'>, nowMs: number): string {
    const { organizationId, userAgent } = from;
    const count = this.counts.get(organizationId) ?? 0;
    const isFull = this.names.size >= originsKnownMax && count >= originsOwnedAnyway;
    if (isFull || count >= 2 * originsOfOrganizationMax) {
      instruments.auditOriginsUnkept.add(1);
      return this.nobody;
    }
    if (count >= originsOfOrganizationMax && userAgent !== null) {
      instruments.auditOriginsUnkept.add(1);
      const bare = key.slice(0, key.lastIndexOf('\n') + 1);
      return this.names.get(bare) ?? this.learn(bare, { ...from, userAgent: null }, nowMs);
    }
    const origin = newRequestPart();
    this.counts.set(organizationId, count + 1);
    this.names.set(key, origin);
    this.known.set(key, { organizationId, seenMs: nowMs });
    this.waitingOf(organizationId).push({ ...from, origin, userAgent, seenMs: nowMs });
    return origin;
  }

  /** Forgets those that are an hour old: what comes from there next is a new one. */
  forget(nowMs: number): void {
    for (const [key, { organizationId, seenMs }] of this.known) {
      if (nowMs - seenMs < originMs) return;
      this.known.delete(key);
      this.names.delete(key);
      const left = (this.counts.get(organizationId) ?? 1) - 1;
      if (left === 0) this.counts.delete(organizationId);
      else this.counts.set(organizationId, left);
    }
  }

  /** Takes out those that are not written yet, of each organization as many, until there are so many. */
  take(max: number): readonly Origin[] {
    const taken: Origin[] = [];
    while (taken.length < max && this.unwritten.size > 0) {
      const share = Math.max(1, Math.floor((max - taken.length) / this.unwritten.size));
      for (const [organizationId, waiting] of this.unwritten) {
        taken.push(...waiting.splice(0, Math.min(share, max - taken.length)));
        if (waiting.length === 0) this.unwritten.delete(organizationId);
        if (taken.length === max) break;
      }
    }
    return taken;
  }

  /** They could not be written. Of an organization of which too many wait the oldest are given up. */
  putBack(origins: readonly Origin[]): void {
    const byOrganization = new Map<string, Origin[]>();
    for (const origin of origins) {
      const own = byOrganization.get(origin.organizationId);
      if (own === undefined) byOrganization.set(origin.organizationId, [origin]);
      else own.push(origin);
    }
    for (const [organizationId, own] of byOrganization) {
      const all = [...own, ...this.waitingOf(organizationId)].slice(-2 * originsOfOrganizationMax);
      this.unwritten.set(organizationId, all);
    }
  }

  private waitingOf(organizationId: string): Origin[] {
    let waiting = this.unwritten.get(organizationId);
    if (waiting === undefined) this.unwritten.set(organizationId, (waiting = []));
    return waiting;
  }
}
