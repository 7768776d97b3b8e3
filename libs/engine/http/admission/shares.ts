import { instruments } from '@fintech-ledger/telemetry';
import type { Admission, CountedSubject } from './admission';

/** How much of a limit a process was asked for, by what is limited: `<organization or key>/<use>`; 1 is all of it. */
export type Demands = Readonly<Record<string, number>>;

/** Where the processes of an installation tell one another what they are asked for. */
export interface ShareExchange {
  /** Leaves the demands of this process, and takes those that others left lately. */
  exchange(demands: Demands): Promise<readonly Demands[]>;
}

/** How often shares are renewed. */
export const renewMs = 1_000;
/** Below this part of a limit nobody tells of it: all that are so quiet together can't pass it by much. */
export const toldFrom = 0.1;
/** What is told at once, the most pressing first. */
const demandsMax = 1_000;
/** However little it was asked for, a process keeps this part of an even share, so that what begins there gets on. */
const keptOfEvenShare = 0.2;

/** The part of a limit that a process has: as what it was asked for is to what all were. */
export function shareOf(own: number, others: readonly number[]): number {
  const all = others.reduce((sum, demand) => sum + demand, own);
  if (others.length === 0 || all <= 0) return 1;
  return Math.max(own / all, keptOfEvenShare / (others.length + 1));
}

/** Renews the shares of this process. No request waits for it: until it is heard of others, what is known goes on. */
export class ShareKeeper {
  private readonly shared = new Set<string>();
  private hasTold = false;
  private renewing: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly admission: Admission,
    private readonly shares: ShareExchange,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  start(): void {
    this.timer = setInterval(() => {
      this.renewing ??= this.renew()
        .catch(() => instruments.limitRenewalsFailed.add(1))
        .finally(() => (this.renewing = undefined));
    }, renewMs);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.renewing;
  }

  /** Asks nobody while nothing comes near its limit. @throws what the exchange throws; shares are as before then */
  async renew(): Promise<void> {
    const counted = new Map<string, CountedSubject>();
    const pressing: [string, number][] = [];
    for (const one of this.admission.counted()) {
      const name = `${one.subject}/${one.use}`;
      const pressure = one.counted.takePressure(renewMs / 1_000);
      counted.set(name, one);
      if (pressure >= toldFrom || this.shared.has(name)) pressing.push([name, pressure]);
    }
    if (pressing.length > 0 || this.hasTold) await this.tell(counted, pressing);
    // Those of which a share is known are kept.
    this.admission.sweep();
  }

  private async tell(
    counted: ReadonlyMap<string, CountedSubject>,
    pressing: readonly (readonly [string, number])[],
  ): Promise<void> {
    const told = [...pressing].sort(([, a], [, b]) => b - a).slice(0, demandsMax);
    const own: Demands = Object.fromEntries(told);
    const others = await this.shares.exchange(own);
    this.hasTold = told.length > 0;
    const now = this.nowMs();
    for (const [name, { counted: use }] of counted) {
      const ofOthers = others.flatMap((demands) => demands[name] ?? []);
      if (ofOthers.length === 0 && !this.shared.has(name)) continue;
      const share = shareOf(own[name] ?? 0, ofOthers);
      use.setShare(share, now);
      if (share < 1) this.shared.add(name);
      else this.shared.delete(name);
    }
  }
}
