/** Shows on standard error how far something is: a line that is written over on a terminal, one every ten seconds elsewhere. */
export class ProgressLine {
  private readonly startedMs = performance.now();
  private shownMs: number;
  private isShown = false;

  constructor(
    private readonly what: string,
    private readonly out: { isTTY?: boolean; write(text: string): unknown } = process.stderr,
  ) {
    this.shownMs = this.startedMs;
  }

  /** @param total undefined: not known @param extra what else is worth saying */
  show(done: number, total: number | undefined, extra = ''): void {
    const nowMs = performance.now();
    const isTerminal = this.out.isTTY === true;
    if (nowMs - this.shownMs < (isTerminal ? 100 : 10_000)) return;
    this.shownMs = nowMs;
    const seconds = Math.max((nowMs - this.startedMs) / 1000, 0.001);
    const rate = done / seconds;
    const share =
      total === undefined || total === 0 ? '' : ` ${bar(done / total)} ${Math.floor((done / total) * 100)}%`;
    const eta = total === undefined || rate === 0 ? '' : `, ${clock((total - done) / rate)} left`;
    const text = `${this.what}${share} ${count(done)} (${count(rate)}/s${eta})${extra === '' ? '' : `, ${extra}`}`;
    this.out.write(isTerminal ? `\r\u001b[K${text}` : `${text}\n`);
    this.isShown = isTerminal;
  }

  end(): void {
    if (this.isShown) this.out.write('\r\u001b[K');
  }
}

function bar(share: number): string {
  const filled = Math.min(20, Math.max(0, Math.round(share * 20)));
  return `[${'#'.repeat(filled)}${'.'.repeat(20 - filled)}]`;
}

function count(value: number): string {
  if (value >= 1e9) return `${(value / 1e9).toFixed(1)}G`;
  if (value >= 1e6) return `${(value / 1e6).toFixed(1)}M`;
  if (value >= 1e4) return `${(value / 1e3).toFixed(1)}k`;
  return String(Math.round(value));
}

function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const minutes = Math.floor(whole / 60);
  return minutes === 0 ? `${whole}s` : `${minutes}m${String(whole % 60).padStart(2, '0')}s`;
}
