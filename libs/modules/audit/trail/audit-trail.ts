import { auditStream } from '@fintech-ledger/audit/domain';
import type { AuditCommand, RefusedAttempt, TakenAction } from '@fintech-ledger/audit/domain';
import { messageOf } from '@fintech-ledger/contract';
import { changesNothing } from '@fintech-ledger/http/base';
import type { ApiLog, ApiRequest, Principal, RequestTrail } from '@fintech-ledger/http';
import { keyedByUs, systemActor } from '@fintech-ledger/journal';
import type { CommandEnvelope, CommandGateway } from '@fintech-ledger/journal';
import type { Sql } from '@fintech-ledger/postgres';
import { instruments } from '@fintech-ledger/telemetry';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { KnownOrigins } from './known-origins';
import {
  closeMsMax,
  linesOfEventMax,
  linesWaitingMax,
  originsWrittenAtOnce,
  originSweepMs,
  refusalLinesMax,
  trailPauseMs,
} from './limits';
import { deleteOldOrigins, insertOrigins } from './request-origins';
import { targetOf } from './said-by-request';
import { WaitingLines } from './waiting-lines';

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
/** A payment was declined: that is an event of its own. */
const declined = 402;

/**
 * Writes down what events do not say: what was refused, and what was done that has no event of its own, goes into the
 * organization's stream of audits, where requests come from into a table, all within a quarter of a second after the
 * answer. What can't be written is tried again; a process that is killed takes with it what it had not written.
 */
export class AuditTrail implements RequestTrail {
  private readonly known = new KnownOrigins();
  readonly origins: ReadonlyMap<string, string> = this.known.names;
  private readonly refusals = new WaitingLines<Omit<RefusedAttempt, 'count'>>({
    ofSecondMax: refusalLinesMax,
    waitingMax: linesWaitingMax,
    kindOf: ({ code }) => code,
  });
  /** Each one has a line: there are no more than a key may do, and what was done to each is worth knowing. */
  private readonly actions = new WaitingLines<Omit<TakenAction, 'count'>>({
    ofSecondMax: Infinity,
    waitingMax: linesWaitingMax,
    kindOf: ({ action }) => action,
  });
  /** Of which it is not known whether they were written: sent again as they are. */
  private unsent: CommandEnvelope<AuditCommand>[] = [];
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
    const { endpoint } = request;
    if (endpoint === null || code === null || status === declined) return;
    if (changesNothing(request) && !ofQueries.has(status)) return;
    const nowMs = Date.now();
    instruments.auditRefusals.add(1);
    const asked = {
      ...askedBy(request, endpoint.operation, apiKeyId, nowMs),
      ...targetOf(request, endpoint),
    };
    this.refusals.note(organizationId, { ...asked, code }, nowMs);
  }

  done(request: ApiRequest, { organizationId, apiKeyId }: Principal): void {
    const { endpoint, made } = request;
    // What a command did is an event, and says so itself.
    if (endpoint === null || endpoint.kind !== 'plain' || changesNothing(request)) return;
    const nowMs = Date.now();
    const named = targetOf(request, endpoint);
    const target =
      made === null
        ? { ...named, parentId: null }
        : { targetId: made.id, targetType: made.type, parentId: named.targetId };
    const asked = askedBy(request, endpoint.operation, apiKeyId, nowMs);
    this.actions.note(organizationId, { ...asked, ...target }, nowMs);
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
    // What can't be written yet keeps further lines of its own organization waiting, and no other's.
    const stuck = new Set(this.unsent.map(({ organizationId }) => organizationId));
    for (const { organizationId, lines } of this.refusals.take(nowMs, stuck))
      for (const attempts of inParts(lines))
        this.unsent.push(commandOf(organizationId, { type: 'RecordRefusals', attempts }));
    for (const { organizationId, lines } of this.actions.take(nowMs, stuck))
      for (const actions of inParts(lines))
        this.unsent.push(commandOf(organizationId, { type: 'RecordActions', actions, attempts: [] }));
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

  private async sendInOrder(commands: readonly CommandEnvelope<AuditCommand>[]): Promise<void> {
    for (const [at, command] of commands.entries()) {
      try {
        const outcome = await this.options.gateway.submit(command);
        if (outcome.kind === 'refused') this.notRecorded(command, outcome.refusal.code, 'were not taken');
      } catch (error) {
        this.unsent.push(...commands.slice(at));
        this.notRecorded(command, messageOf(error), 'could not be recorded yet');
        return;
      }
    }
  }

  private notRecorded({ command }: CommandEnvelope<AuditCommand>, problem: string, says: string): void {
    const of = command.type === 'RecordActions' ? 'actions' : 'refusals';
    instruments.auditFailures.add(1, { of });
    this.options.log.warn({ problem }, `${of} for the audit log ${says}`);
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

function* inParts<T>(lines: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < lines.length; from += linesOfEventMax)
    yield lines.slice(from, from + linesOfEventMax);
}

function commandOf(organizationId: string, command: AuditCommand): CommandEnvelope<AuditCommand> {
  const id = randomUUID();
  return {
    stream: auditStream(organizationId),
    organizationId,
    actor: systemActor,
    command,
    correlationId: `audit:${id}`,
    ...keyedByUs(`audit:${id}`),
  };
}

const askedBy = ({ id }: ApiRequest, action: string, actor: string, nowMs: number) => ({
  action,
  actor,
  at: new Date(nowMs).toISOString(),
  requestId: id,
});
