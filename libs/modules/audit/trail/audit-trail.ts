import { auditStream } from '@fintech-ledger/audit/domain';
import type { RecordRefusals, RefusedAttempt } from '@fintech-ledger/audit/domain';
import { messageOf } from '@fintech-ledger/contract';
import type { ApiLog, ApiRequest, Principal, RequestTrail } from '@fintech-ledger/http';
import { keyedByUs, systemActor } from '@fintech-ledger/journal';
import type { CommandEnvelope, CommandGateway } from '@fintech-ledger/journal';
import type { Sql } from '@fintech-ledger/postgres';
import { instruments } from '@fintech-ledger/telemetry';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { KnownOrigins } from './known-origins';
import {
  attemptsOfEventMax,
  closeMsMax,
  originsWrittenAtOnce,
  originSweepMs,
  targetCharacters,
  trailPauseMs,
} from './limits';
import { RefusalLines } from './refusal-lines';
import { deleteOldOrigins, insertOrigins } from './request-origins';

interface AuditTrailOptions {
  readonly gateway: CommandGateway;
  /** Where origins are kept. */
  readonly sql: Sql;
  /** How long origins are kept, days. */
  readonly originDays: number;
  readonly log: ApiLog;
}

const dayMs = 86_400_000;
/** Of problems that a query may have without anybody having tried what he may not. */
const ofQueries = new Set([401, 403]);
const asksOnly = new Set(['GET', 'HEAD']);
/** A payment was declined: that is an event of its own. */
const declined = 402;

/**
 * Writes down what events do not say: what was refused goes into the organization's stream of audits, where requests
 * come from into a table, both within a quarter of a second after the answer. What can't be written is tried again; a
 * process that is killed takes with it what it had not written.
 */
export class AuditTrail implements RequestTrail {
  private readonly known = new KnownOrigins();
  readonly origins: ReadonlyMap<string, string> = this.known.names;
  private readonly lines = new RefusalLines();
  /** Of which it is not known whether they were written: sent again as they are. */
  private unsent: CommandEnvelope<RecordRefusals>[] = [];
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private isClosed = false;
  private sweptMs = 0;

  constructor(private readonly options: AuditTrailOptions) {}

  learn(key: string, { organizationId }: Principal, ip: string, userAgent: string | undefined): string {
    // An IPv4 address on a socket for both.
    const address = ip.startsWith('::ffff:') ? ip.slice(7) : ip;
    return this.known.learn(key, { organizationId, ip: address, userAgent: userAgent ?? null }, Date.now());
  }

  refused(
    request: ApiRequest,
    { organizationId, apiKeyId }: Principal,
    status: number,
    code = request.problemCode,
  ): void {
    const { endpoint, method } = request;
    if (endpoint === null || code === null || status === declined) return;
    const isHarmless = asksOnly.has(method) || (request.query as { dry_run?: string }).dry_run === 'true';
    if (isHarmless && !ofQueries.has(status)) return;
    const target = targetOf(request, endpoint.parameters);
    const nowMs = Date.now();
    instruments.auditRefusals.add(1);
    const refusal = {
      action: endpoint.operation,
      actor: apiKeyId,
      at: new Date(nowMs).toISOString(),
      code,
      requestId: request.id,
      targetId: target?.id ?? null,
      targetType: target?.type ?? null,
    };
    this.lines.note(organizationId, refusal, nowMs);
  }

  start(): void {
    const again = (): void => {
      this.timer = setTimeout(() => {
        this.running = this.write(Date.now()).then(() => {
          if (!this.isClosed) again();
        });
      }, trailPauseMs);
      this.timer.unref();
    };
    again();
  }

  /** Writes what is left, if it can be written now. */
  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.timer);
    const last = this.running.then(() => this.write(undefined));
    await Promise.race([last, delay(closeMsMax, undefined, { ref: false })]);
  }

  private async write(nowMs: number | undefined): Promise<void> {
    this.known.forget(nowMs ?? Date.now());
    // What can't be written yet keeps further attempts of its own organization waiting, and no other's.
    const stuck = new Set(this.unsent.map(({ organizationId }) => organizationId));
    this.unsent.push(...this.lines.take(nowMs, stuck).flatMap(commandsOf));
    await Promise.all([this.writeOrigins(), this.send(), this.sweep(nowMs)]);
  }

  private async send(): Promise<void> {
    const unsent = this.unsent;
    this.unsent = [];
    const streams = [...new Set(unsent.map(({ stream }) => stream))];
    await Promise.all(
      streams.map((name) => this.sendInOrder(unsent.filter(({ stream }) => stream === name))),
    );
  }

  private async sendInOrder(commands: readonly CommandEnvelope<RecordRefusals>[]): Promise<void> {
    for (const [at, command] of commands.entries()) {
      try {
        const outcome = await this.options.gateway.submit(command);
        if (outcome.kind === 'refused')
          this.notRecorded(outcome.refusal.code, 'refused attempts were not taken');
      } catch (error) {
        this.unsent.push(...commands.slice(at));
        this.notRecorded(messageOf(error), 'refused attempts could not be recorded yet');
        return;
      }
    }
  }

  private notRecorded(problem: string, says: string): void {
    instruments.auditFailures.add(1, { of: 'refusals' });
    this.options.log.warn({ problem }, says);
  }

  private async writeOrigins(): Promise<void> {
    const origins = this.known.take(originsWrittenAtOnce);
    if (origins.length === 0) return;
    await insertOrigins(this.options.sql, origins).catch((error: unknown) => {
      this.known.putBack(origins);
      instruments.auditFailures.add(1, { of: 'origins' });
      this.options.log.warn({ problem: messageOf(error) }, 'origins of requests could not be kept yet');
    });
  }

  private async sweep(nowMs: number | undefined): Promise<void> {
    if (nowMs === undefined || nowMs - this.sweptMs < originSweepMs) return;
    const before = nowMs - this.options.originDays * dayMs;
    const more = await deleteOldOrigins(this.options.sql, before).catch(() => false);
    if (!more) this.sweptMs = nowMs;
  }
}

function commandsOf({
  organizationId,
  attempts,
}: {
  readonly organizationId: string;
  readonly attempts: readonly RefusedAttempt[];
}): readonly CommandEnvelope<RecordRefusals>[] {
  const commands: CommandEnvelope<RecordRefusals>[] = [];
  for (let from = 0; from < attempts.length; from += attemptsOfEventMax) {
    const id = randomUUID();
    commands.push({
      stream: auditStream(organizationId),
      organizationId,
      actor: systemActor,
      command: { type: 'RecordRefusals', attempts: attempts.slice(from, from + attemptsOfEventMax) },
      correlationId: `audit:${id}`,
      ...keyedByUs(`audit:${id}`),
    });
  }
  return commands;
}

/** What is no id may be anything, such as a secret or an e-mail address, and would be in an event for ever. */
function targetOf(
  request: ApiRequest,
  parameters: NonNullable<ApiRequest['endpoint']>['parameters'],
): { readonly id: string; readonly type: string } | null {
  const last = parameters.at(-1);
  if (last === undefined) return null;
  const id = (request.params as Readonly<Record<string, string>>)[last.name] ?? '';
  return id.length <= targetCharacters && last.pattern.test(id) ? { id, type: last.name } : null;
}
