/** The part of a pino logger that the edge uses. */
export interface ApiLog {
  isLevelEnabled?(level: string): boolean;
  debug(facts: object, message: string): void;
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

export interface ApiMetrics {
  /** All metrics of this process in the Prometheus text format. */
  render(): string | Promise<string>;
}

export const apiLogPort = Symbol('ApiLog');
export const apiMetricsPort = Symbol('ApiMetrics');
