import { WriterUnavailable } from './gateway';
import { trialLimits } from './limits';
import { Trial } from './trial';
import type { KnownRevision, OpenTrial } from './trial';
import type { TrialLimits, TrialsOptions } from './trial-options';

export interface AskedTrial {
  readonly knownRevision?: KnownRevision;
  /** Its commands come as a client sends them: while none comes it may be ended. */
  readonly mayIdle?: boolean;
}

/** Begins dry runs of many commands. */
export interface BeginTrials {
  /** Until it is closed. @throws WriterUnavailable there are too many, none of which has been idle for long */
  begin(organizationId: string, asked?: AskedTrial): OpenTrial;
}

/** The dry runs of many commands that are under way in this process. */
export class Trials implements BeginTrials {
  private readonly open = new Map<Trial, string>();
  private readonly limits: TrialLimits;

  constructor(private readonly options: TrialsOptions) {
    this.limits = { ...trialLimits, ...options.limits };
  }

  begin(organizationId: string, { knownRevision, mayIdle = false }: AskedTrial = {}): Trial {
    const { trialMsMax, trialsMax, trialsOfOrganizationMax } = this.limits;
    const own = [...this.open].filter(([, owner]) => owner === organizationId).map(([each]) => each);
    const hasRoom =
      (own.length < trialsOfOrganizationMax || this.endIdlest(own)) &&
      (this.open.size < trialsMax || this.endIdlest([...this.open.keys()]));
    if (!hasRoom)
      throw new WriterUnavailable('too many dry runs of many lines are under way', 5, { isFinal: true });
    const bounds = { isTooLarge: () => this.isTooLarge(trial), ended: () => void this.open.delete(trial) };
    const trial: Trial = new Trial(this.options, bounds, {
      msMax: trialMsMax,
      mayIdle,
      ...(knownRevision && { knownRevision }),
    });
    this.open.set(trial, organizationId);
    return trial;
  }

  /** A client that sends nothing keeps nobody out. @returns whether there was one */
  private endIdlest(trials: readonly Trial[]): boolean {
    const [idlest] = trials.toSorted((a, b) => b.idleMs - a.idleMs);
    if (idlest === undefined || idlest.idleMs <= this.limits.trialIdleMsMax) return false;
    idlest.close();
    return true;
  }

  /** Beyond the bound of all of them those are ended that have more than an equal share. */
  private isTooLarge(trial: Trial): boolean {
    let sum = 0;
    for (const each of this.open.keys()) sum += each.bytes;
    const { trialBytesMax } = this.limits;
    return sum > trialBytesMax && trial.bytes > trialBytesMax / this.open.size;
  }
}
