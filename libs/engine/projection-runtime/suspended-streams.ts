/** Streams that are halted, and how far their events were passed over. */
export class SuspendedStreams {
  /** By stream, the highest revision that was passed over. */
  private readonly passed = new Map<string, number>();

  get names(): readonly string[] {
    return [...this.passed.keys()];
  }

  get isEmpty(): boolean {
    return this.passed.size === 0;
  }

  has(stream: string): boolean {
    return this.passed.has(stream);
  }

  passedOver(stream: string): number {
    return this.passed.get(stream) ?? -1;
  }

  add(stream: string, revision: number): void {
    this.passed.set(stream, Math.max(revision || 0, this.passedOver(stream)));
  }

  delete(stream: string): void {
    this.passed.delete(stream);
  }

  /** Whether an event is to be passed over. */
  passOver(stream: string, revision: number): boolean {
    const passed = this.passed.size === 0 ? undefined : this.passed.get(stream);
    if (passed === undefined) return false;
    if (revision > passed) this.passed.set(stream, revision);
    return true;
  }
}
