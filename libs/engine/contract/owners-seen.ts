/** How long an owner counts as being there after what it asked last, milliseconds. */
const seenForMs = 1_000;

/** Whether several owners ask at the same time, so that what one of them gets is what another one waits for. */
export class OwnersSeen {
  private last = '';
  private changedAtMs = -Infinity;

  /** @param nowMs milliseconds; a clock that is set back only makes them several for a while */
  constructor(private readonly nowMs: () => number = () => Date.now()) {}

  /** This owner asks for something. */
  note(owner: string): void {
    if (owner === this.last) return;
    if (this.last !== '') this.changedAtMs = this.nowMs();
    this.last = owner;
  }

  get areSeveral(): boolean {
    return this.nowMs() - this.changedAtMs < seenForMs;
  }
}

/** The organizations that this process answers. */
export const organizationsSeen = new OwnersSeen();
