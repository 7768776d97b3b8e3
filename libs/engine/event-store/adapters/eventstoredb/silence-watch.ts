/** Asks when nothing was heard for a while, one question at a time. */
export class SilenceWatch {
  private isHeard = false;
  private isAsking = false;
  private readonly timer: NodeJS.Timeout;

  constructor(
    silenceMs: number,
    private readonly ask: () => Promise<void>,
  ) {
    this.timer = setInterval(() => void this.look(), silenceMs);
    this.timer.unref();
  }

  heard(): void {
    this.isHeard = true;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async look(): Promise<void> {
    if (this.isAsking) return;
    if (this.isHeard) {
      this.isHeard = false;
      return;
    }
    this.isAsking = true;
    await this.ask();
    this.isAsking = false;
  }
}
