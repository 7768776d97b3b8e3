import type { LoggerService } from '@nestjs/common';
import type { ApiLog } from '@fintech-ledger/http';

/** Nest's own messages, in our log; what it says of its start is for debugging. */
export class NestLog implements LoggerService {
  constructor(private readonly to: ApiLog) {}

  log(message: unknown, context?: unknown): void {
    this.to.debug({ context }, String(message));
  }
  error(message: unknown, ...details: unknown[]): void {
    this.to.error({ details }, String(message));
  }
  warn(message: unknown, context?: unknown): void {
    this.to.warn({ context }, String(message));
  }
}
