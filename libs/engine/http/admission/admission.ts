import { organizationsSeen } from '@fintech-ledger/contract';
import type { RequestLimits, RequestUse, UseLimits } from '@fintech-ledger/config';
import { requestUses } from '@fintech-ledger/config';
import { instruments } from '@fintech-ledger/telemetry';
import type { Principal } from '../authentication/principal';
import { ApiProblem } from '../problems/api-problem';
import { burstSeconds, CountedUse } from './counted-use';
import type { Exceeded, Left } from './counted-use';

type Caller = Pick<Principal, 'organizationId' | 'apiKeyId'>;

/** What a request is about to do. */
export interface Asked {
  readonly use: RequestUse;
  readonly cost: number;
  /** It waits for a position of the read models. */
  readonly isWait: boolean;
}

export interface Admitted {
  /** `RateLimit` and `RateLimit-Policy` of draft-ietf-httpapi-ratelimit-headers-10. */
  readonly headers: Readonly<Record<string, string>>;
  /** To be called once, when the request has ended. */
  readonly end: () => void;
}

/** Whose use is counted. */
export type SubjectKind = 'organization' | 'key';

export interface CountedSubject {
  readonly subject: string;
  readonly kind: SubjectKind;
  readonly use: RequestUse;
  readonly counted: CountedUse;
}

interface Subject {
  readonly kind: SubjectKind;
  readonly uses: Map<RequestUse, CountedUse>;
}

/**
 * Lets requests begin within what their organization and their API key may do. It knows this process alone, and waits
 * for nothing.
 */
export class Admission {
  private readonly subjects = new Map<string, Subject>();
  private readonly limits: Readonly<Record<SubjectKind, RequestLimits>>;
  private readonly policies: Policies;

  constructor(
    organization: RequestLimits,
    keyPercent: number,
    /** A monotonic clock, milliseconds. */
    private readonly nowMs: () => number = () => performance.now(),
  ) {
    const key = mapLimits(organization, (limit) => Math.max(1, Math.ceil((limit * keyPercent) / 100)));
    this.limits = { organization, key };
    this.policies = policiesOf(this.limits);
  }

  /** @returns what it is admitted with, or the problem `too_many_requests` */
  enter({ organizationId, apiKeyId }: Caller, { use, cost, isWait }: Asked): Admitted | ApiProblem {
    organizationsSeen.note(organizationId);
    const now = this.nowMs();
    const key = this.countedUse(apiKeyId, 'key', use, now);
    const organization = this.countedUse(organizationId, 'organization', use, now);
    const waits = isWait
      ? [
          this.countedUse(apiKeyId, 'key', 'waits', now),
          this.countedUse(organizationId, 'organization', 'waits', now),
        ]
      : noWaits;
    const exceeded =
      this.check(key, cost, now, 'key', use) ??
      this.check(organization, cost, now, 'organization', use) ??
      this.check(waits[0], 1, now, 'key', 'waits') ??
      this.check(waits[1], 1, now, 'organization', 'waits');
    if (exceeded !== undefined) return exceeded;
    key.begin(cost);
    organization.begin(cost);
    for (const wait of waits) wait.begin(1);
    return {
      headers: this.headers(use, key, organization, now),
      end: () => {
        key.end();
        organization.end();
        for (const wait of waits) wait.end();
      },
    };
  }

  /** All that is counted now. */
  *counted(): Generator<CountedSubject> {
    for (const [subject, { kind, uses }] of this.subjects) {
      for (const [use, counted] of uses) yield { subject, kind, use, counted };
    }
  }

  /** Forgets those of which there is nothing to remember. */
  sweep(): void {
    const now = this.nowMs();
    for (const [id, { uses }] of this.subjects) {
      for (const [use, counted] of uses) if (counted.isIdle(now)) uses.delete(use);
      if (uses.size === 0) this.subjects.delete(id);
    }
  }

  private countedUse(id: string, kind: SubjectKind, use: RequestUse, now: number): CountedUse {
    let subject = this.subjects.get(id);
    if (subject === undefined) {
      subject = { kind, uses: new Map() };
      this.subjects.set(id, subject);
    }
    let counted = subject.uses.get(use);
    if (counted === undefined) {
      counted = new CountedUse(this.limits[kind][use], now);
      subject.uses.set(use, counted);
    }
    return counted;
  }

  private check(
    counted: CountedUse | undefined,
    cost: number,
    now: number,
    kind: SubjectKind,
    use: RequestUse,
  ): ApiProblem | undefined {
    const exceeded = counted?.exceeded(cost, now);
    if (counted === undefined || exceeded === undefined) return undefined;
    instruments.requestsLimited.add(1, { use, limit: exceeded.limit, of: kind });
    return tooManyRequests(kind, use, exceeded, counted.limits, this.policies);
  }

  private headers(
    use: RequestUse,
    key: CountedUse,
    organization: CountedUse,
    now: number,
  ): Readonly<Record<string, string>> {
    const ofKey = key.left(now);
    const ofAll = organization.left(now);
    const keyLimit = this.policies.key[use][ofKey.limit];
    const limit = this.policies.organization[use][ofAll.limit];
    return {
      'RateLimit-Policy': `${keyLimit.policy}, ${limit.policy}`,
      RateLimit: `${keyLimit.name}${leftText(ofKey)}, ${limit.name}${leftText(ofAll)}`,
    };
  }
}

const noWaits: readonly CountedUse[] = [];

const leftText = ({ remaining, resetSeconds }: Left): string => `;r=${remaining};t=${resetSeconds}`;

const whose = { key: 'This API key', organization: 'The organization' } as const;
const does: Readonly<Record<Exceeded['limit'], (use: RequestUse, limits: UseLimits) => string>> = {
  concurrency: (use, { concurrency }) =>
    `has ${concurrency} requests of ${use} under way, or its share of them here`,
  rate: (use, { rate }) =>
    `makes more than ${rate} requests of ${use} in a second, or than its share of them here`,
  cost: (use, { cost }) =>
    `asks for more than ${cost} units of ${use} in a second, or than its share of them here`,
};

function tooManyRequests(
  kind: SubjectKind,
  use: RequestUse,
  { limit, retrySeconds }: Exceeded,
  limits: UseLimits,
  policies: Policies,
): ApiProblem {
  const { name, policy } = policies[kind][use][limit];
  const seconds = Math.max(1, Math.ceil(retrySeconds));
  return new ApiProblem('too_many_requests', `${whose[kind]} ${does[limit](use, limits)}.`, {
    members: { limit: name.slice(1, -1) },
    headers: {
      'Retry-After': String(seconds),
      'RateLimit-Policy': policy,
      RateLimit: `${name};r=0;t=${seconds}`,
    },
  });
}

function mapLimits(limits: RequestLimits, change: (limit: number) => number): RequestLimits {
  const ofUse = ({ concurrency, rate, cost }: UseLimits): UseLimits => ({
    concurrency: change(concurrency),
    rate: change(rate),
    cost: change(cost),
  });
  return Object.fromEntries(requestUses.map((use) => [use, ofUse(limits[use])])) as RequestLimits;
}

interface Policy {
  readonly name: string;
  /** With its name: an item of RFC 9651, the quota `q` in its unit `qu` (requests), within `w` seconds. */
  readonly policy: string;
}
type Policies = Readonly<
  Record<SubjectKind, Readonly<Record<RequestUse, Readonly<Record<Exceeded['limit'], Policy>>>>>
>;

/** Written once: every answer has two of them. */
function policiesOf(limits: Readonly<Record<SubjectKind, RequestLimits>>): Policies {
  const window = `w=${burstSeconds}`;
  const ofUse = (kind: SubjectKind, use: RequestUse): Policies[SubjectKind][RequestUse] => {
    const { concurrency, rate, cost } = limits[kind][use];
    const named = (limit: Exceeded['limit'], rest: string): Policy => {
      const name = kind === 'key' ? `"key.${use}.${limit}"` : `"${use}.${limit}"`;
      return { name, policy: name + rest };
    };
    return {
      concurrency: named('concurrency', `;q=${concurrency};qu="concurrent-requests"`),
      rate: named('rate', `;q=${rate * burstSeconds};${window}`),
      cost: named('cost', `;q=${cost * burstSeconds};qu="cost";${window}`),
    };
  };
  const of = (kind: SubjectKind): Policies[SubjectKind] =>
    Object.fromEntries(requestUses.map((use) => [use, ofUse(kind, use)])) as Policies[SubjectKind];
  return { key: of('key'), organization: of('organization') };
}
