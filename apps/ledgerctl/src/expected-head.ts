import { Failure } from './failure';

const pattern = /^(?:(0|[1-9][0-9]{0,14}):)?([0-9a-f]{64})$/;

/** A hash that was kept elsewhere: a chain must have it, at its revision when that was kept too. What comes after it is free. */
export class ExpectedHead {
  private readonly revision: number | undefined;
  private readonly hash: string;
  private isSeen = false;

  /** @param text `<revision>:<hash>`, or a hash alone @throws Failure */
  constructor(text: string) {
    const [, revision, hash] = pattern.exec(text) ?? [];
    if (hash === undefined)
      throw new Failure(`--expect-head takes <revision>:<hash> (64 hex digits), '${text}' is not that.`);
    this.hash = hash;
    this.revision = revision === undefined ? undefined : Number(revision);
  }

  /** @throws Failure the chain has another hash there */
  see(revision: number, hash: string): void {
    if (this.revision === undefined) this.isSeen ||= hash === this.hash;
    else if (revision === this.revision) {
      if (hash !== this.hash) {
        const detail = `its hash was expected to be ${this.hash}, it is ${hash}: it was rewritten`;
        throw new Failure(`revision ${revision} does not hold: ${detail}`, 1);
      }
      this.isSeen = true;
    }
  }

  /** Call it after the last event. @throws Failure the chain does not have it */
  check(events: number): void {
    if (this.isSeen) return;
    throw this.revision === undefined
      ? new Failure(`no event has the hash ${this.hash}: events are missing, or were rewritten`, 1)
      : new Failure(
          `revision ${events} does not hold: it is missing, revision ${this.revision} was expected with the hash ${this.hash}`,
          1,
        );
  }
}
