import type { Refusal } from '@fintech-ledger/contract';
import type { Revision } from '@fintech-ledger/event-store';

/** What is due in a stream is to be acted on before its time has come: the clock of its sandbox is moved there. */
export interface DueRun {
  /** RFC 3339: what is due by then. */
  readonly until: string;
  /** About how many records at most. 0: it is only asked when the next one is due. */
  readonly recordsMax: number;
  /** Whether its checkpoint is to have everything first, so that what is due can be counted there. */
  readonly saves?: boolean;
}

/** A command on its way to the one writer of its stream. JSON-safe: it may travel to another process. */
export interface CommandEnvelope<C = unknown> {
  /** `journal-<ledgerId>` or `org-<organizationId>`. */
  readonly stream: string;
  readonly organizationId: string;
  /** Who asked: the id of an API key, or `system`. */
  readonly actor: string;
  /** Which secret of the API key asked, see `Actors`. Absent: its first. */
  readonly actorSecret?: number;
  readonly command: C;
  /** Scoped to the stream. Absent: no replay protection was asked for. */
  readonly idempotencyKey?: string;
  /** Of the canonical request, see `RequestHashes`; with `idempotencyKey` always. */
  readonly requestHash?: string;
  readonly dryRun?: boolean;
  /** It records what has happened outside, such as what came of an effect: no policy judges a fact. */
  readonly isOutcome?: boolean;
  /** Instead of a command, from the installation itself; answered with `DueRan`. */
  readonly due?: DueRun;
  readonly correlationId: string;
  /** When its caller began to wait, by the monotonic clock of this process. Absent: now. */
  readonly askedAtMs?: number;
  /** When its caller is answered with what is known by then, by the same clock. The door sets it. */
  readonly deadline?: number | undefined;
  /** Where in a trace it was asked for (W3C Trace Context); kept with its events. */
  readonly traceparent?: string;
  /** Travels along, and is not kept. */
  readonly tracestate?: string;
}

export interface CommandAccepted {
  readonly kind: 'accepted';
  /** The JSON text of the answer, in the API's shape. */
  readonly answer: string;
  /** The stream's revision that the answer stands for (dry run: the one that it was judged at). -1: empty stream. */
  readonly revision: Revision;
  /** True when the idempotency key was known and this is the first answer again. */
  readonly replayed: boolean;
  /** Of a command that is stored in parts: its first item that is not in this one. Within the writer only. */
  readonly rest?: number;
  /** Of such a part: all of it was refused. Within the writer only. */
  readonly isEmpty?: boolean;
}
export interface CommandRefused<Code extends string = string> {
  readonly kind: 'refused';
  readonly refusal: Refusal<Code>;
  /** Of a command that has events all the same: the stream's revision that the answer stands for. */
  readonly revision?: Revision;
  /** The stream's revision that it was judged at: what it is refused for is recorded up to there. */
  readonly judgedAt?: Revision;
  /** As in `CommandAccepted`. */
  readonly replayed?: boolean;
  /** Of such a command: that of the first request that asked for it. */
  readonly correlationId?: string;
}
/** @typeParam Code what its module may refuse it with */
export type CommandOutcome<Code extends string = string> = CommandAccepted | CommandRefused<Code>;

/** The only door for writes. */
export interface CommandGateway {
  /**
   * @throws WriterUnavailable nothing was written; try again after `retryAfterSeconds`
   * @throws CommandOutcomeUnknown it may have been written, in part or whole; the same idempotency key finds out
   * @throws AnswerUnavailable it is written, now or by an earlier attempt with this key; only its answer can't be had
   * at the moment
   */
  submit(envelope: CommandEnvelope): Promise<CommandOutcome>;
}

export interface UnavailableOptions extends ErrorOptions {
  /** No other attempt would do better at the moment: whoever waits is told at once. */
  readonly isFinal?: boolean;
}

export class WriterUnavailable extends Error {
  override readonly name = 'WriterUnavailable';
  readonly isFinal: boolean;
  constructor(
    message: string,
    readonly retryAfterSeconds = 1,
    { isFinal = false, ...options }: UnavailableOptions = {},
  ) {
    super(message, options);
    this.isFinal = isFinal;
  }
}
export function asUnavailable(error: unknown): WriterUnavailable {
  if (error instanceof WriterUnavailable) return error;
  return new WriterUnavailable((error as Error).message, 1, { cause: error });
}
/** Another process writes the stream: nothing was written, and whoever asked looks for its owner again. */
export class NotOwner extends WriterUnavailable {
  constructor(stream: string) {
    super(`${stream} is written by another process`);
  }
}
/** Why nothing is decided for a sandbox at the moment. */
export const clockUnknown = 'what time it is in the sandbox can not be read at the moment';
/** Its time was over before anything of it was sent to the store. */
export function notInTime(stream: string): WriterUnavailable {
  return new WriterUnavailable(`${stream} was not written in time`, 1, { isFinal: true });
}
/** Nothing is tried while the event store is known to be unavailable. */
export function storeLost(reason: string): WriterUnavailable {
  return new WriterUnavailable(`the event store is unavailable: ${reason}`, 1, { isFinal: true });
}

/** Where something is booked for certain: a stream's revision with the last event of it. */
export interface BookedAt {
  readonly stream: string;
  readonly revision: Revision;
}

export interface OutcomeUnknownOptions extends ErrorOptions {
  /** Of a command that is stored in parts: so far it is booked; only of what comes after that nothing is known. */
  readonly booked?: BookedAt | undefined;
}

export class CommandOutcomeUnknown extends Error {
  override readonly name = 'CommandOutcomeUnknown';
  readonly booked: BookedAt | undefined;
  constructor(message: string, { booked, ...options }: OutcomeUnknownOptions = {}) {
    super(message, options);
    this.booked = booked;
  }
}
export function outcomeUnknown(cause: Error): CommandOutcomeUnknown {
  return new CommandOutcomeUnknown(`whether it was stored is unknown: ${cause.message}`, { cause });
}
export class AnswerUnavailable extends Error {
  override readonly name = 'AnswerUnavailable';
  /** @param revision the stream's revision with the command's last event */
  constructor(
    readonly stream: string,
    readonly revision: Revision,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Who asked for a command, and how; the same for every command. */
export interface CommandContext {
  readonly organizationId: string;
  /** The id of an API key, or `system`. */
  readonly actor: string;
  /** Which secret of the API key asks. Absent: its first. */
  readonly actorSecret?: number;
  /** The scopes of who asks; absent: the installation itself asks, which may do everything. */
  readonly scopes?: readonly string[];
  /** Scoped to the stream; with it always `requestHash`, the SHA-256 (hex) of the canonical request. */
  readonly idempotencyKey?: string;
  readonly requestHash?: string;
  readonly dryRun: boolean;
  /** Where its commands go instead of to the writers: a dry run of several that follow each other. */
  readonly trial?: CommandGateway;
  readonly correlationId: string;
  /** When the caller began to wait. Absent: each command's own, when it is submitted. */
  readonly askedAtMs?: number;
  /** Books of the past are imported: an account may be opened in a currency that is withdrawn by now. */
  readonly allowsWithdrawnCurrencies?: boolean;
  /** Where in a trace it was asked for (W3C Trace Context). */
  readonly traceparent?: string;
  readonly tracestate?: string;
}

/** A command with the time at which its caller is answered. */
export function withDeadline<C>(command: CommandEnvelope<C>, timeoutMs: number): CommandEnvelope<C> {
  if (command.deadline !== undefined) return command;
  return { ...command, deadline: (command.askedAtMs ?? performance.now()) + timeoutMs };
}

/** A command on its way to the writer of its stream. */
export function envelope<C>(stream: string, command: C, context: CommandContext): CommandEnvelope<C> {
  return {
    stream,
    organizationId: context.organizationId,
    actor: context.actor,
    command,
    correlationId: context.correlationId,
    // Its place is kept for it: to add a member to a copy takes V8 a microsecond.
    deadline: undefined,
    ...(context.actorSecret === undefined ? {} : { actorSecret: context.actorSecret }),
    ...(context.idempotencyKey === undefined ? {} : { idempotencyKey: context.idempotencyKey }),
    ...(context.requestHash === undefined ? {} : { requestHash: context.requestHash }),
    ...(context.dryRun ? { dryRun: true } : {}),
    ...(context.askedAtMs === undefined ? {} : { askedAtMs: context.askedAtMs }),
    ...(context.traceparent === undefined ? {} : { traceparent: context.traceparent }),
    ...(context.tracestate === undefined ? {} : { tracestate: context.tracestate }),
  };
}
