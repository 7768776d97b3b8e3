import type { ClaimedSubject, ClaimEnd, SubjectKeys, SubjectKind } from './subject-keys';

type Keys = Pick<SubjectKeys, 'claimed' | 'settle'>;

const everyMs = 600_000;
/** Subjects that are asked about in one go. */
const atOnce = 100;

/**
 * Finds out what came of requests that made a key, or noted a value, and died before they knew: there is a subject, or
 * none, and then nothing is left of them. Any number of processes may.
 */
export class AbandonedClaims {
  private timer: NodeJS.Timeout | undefined;

  /** @param endOf asks the writer, which alone can tell: a read model may be behind */
  constructor(
    private readonly keys: Keys,
    private readonly kind: SubjectKind,
    private readonly endOf: (subject: ClaimedSubject) => Promise<ClaimEnd>,
  ) {}

  onApplicationBootstrap(): void {
    // What can't be settled now is the next time.
    this.timer = setInterval(() => void this.settle().catch(() => undefined), everyMs).unref();
  }
  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** One that can't be settled keeps no other one waiting. @throws AggregateError, at the end, why some could not be */
  async settle(): Promise<void> {
    const problems: unknown[] = [];
    for (const subject of await this.keys.claimed(this.kind, atOnce))
      await this.endOf(subject)
        .then((end) => this.keys.settle(subject, end))
        .catch((error: unknown) => problems.push(error));
    if (problems.length > 0) throw new AggregateError(problems, problems.map(String).join('; '));
  }
}
