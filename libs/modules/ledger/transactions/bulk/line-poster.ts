import { WriteToLedger } from '../../journal/write-to-ledger.handler';
import type { Commands } from '../../journal/write-to-ledger.handler';
import { SendTurns } from '@fintech-ledger/contract';
import { idempotencyKeyReused, isRefusedAs } from '@fintech-ledger/journal';
import type { CommandContext, CommandGateway, CommandOutcome } from '@fintech-ledger/journal';
import type { ApiLog, ApiRequest, SealedBody, SealedMetadata } from '@fintech-ledger/http';
import {
  pathParameter,
  refusalsOf,
  commandContext,
  withIdempotency,
  parseJsonBody,
  contextsOf,
  foundSubjectValues,
  mayBeSealed,
  sealMetadata,
  whyGone,
  traceFacts,
  ApiProblem,
  toProblem,
  triedIn,
  compileDto,
} from '@fintech-ledger/http';
import { postTransaction, TransactionDto } from '../transaction.dto';
import type { BodyLine } from './body-lines';

/** Between the request's idempotency key and a line's number: not printable, so no client's key looks like a line's. */
const keySeparator = '\u001f';

/**
 * Posts the lines of one NDJSON request, each as a command of its own, handed to the writer in the order of the lines:
 * what a line books is there for those after it.
 */
export class LinePoster {
  private readonly turns = new SendTurns();
  private readonly dto = compileDto(TransactionDto);
  private readonly ledgerId: string;
  private readonly context: CommandContext;
  private readonly nextContext: () => CommandContext;
  /** A request of lines had the key before. */
  private isClaimed = false;
  private isFirstLineNew = false;

  /** @throws ApiProblem for an idempotency key that is none */
  constructor(
    private readonly commands: Commands,
    private readonly log: ApiLog,
    private readonly request: ApiRequest,
    private readonly metadata: SealedMetadata,
    /** Where the lines are only tried. */
    trial?: CommandGateway,
  ) {
    this.ledgerId = pathParameter(request, 'ledger');
    const context = commandContext(request, null);
    this.context = trial === undefined ? context : triedIn(trial, context);
    this.nextContext = contextsOf(this.context);
  }

  /**
   * Whether these are lines that came before under their key, as far as the first of them shows; known with its result.
   * What the earlier request did not reach is posted all the same.
   */
  get isReplay(): boolean {
    return this.isClaimed && !this.isFirstLineNew;
  }

  /**
   * Takes the request's key for its lines, so that no other request of the ledger has it. What they are is known at
   * their end alone: each has a key of its own.
   * @throws ApiProblem `idempotency_key_reused`
   */
  async claimKey(): Promise<void> {
    const { idempotencyKey } = this.context;
    if (idempotencyKey === undefined) return;
    const context = withIdempotency(this.nextContext(), idempotencyKey, this.request, { lines: true }, null);
    const write = new WriteToLedger(this.ledgerId, { type: 'ClaimKey' }, context);
    const outcome = await this.commands.execute<WriteToLedger, CommandOutcome>(write);
    if (outcome.kind === 'refused' && isRefusedAs(outcome, idempotencyKeyReused))
      throw ApiProblem.ofRefusal(outcome.refusal, [idempotencyKeyReused]);
    this.isClaimed = outcome.kind === 'accepted' && outcome.replayed;
  }

  /** The result line: a transaction, or a problem with its line. Never rejects. */
  async post(line: BodyLine): Promise<string> {
    const turn = this.turns.take();
    try {
      const body = this.parse(line);
      const { organizationId, idempotencyKey } = this.context;
      const isKeyed = idempotencyKey !== undefined;
      const hasNone = foundSubjectValues.length === 0;
      const sealed = hasNone ? null : await sealMetadata(this.metadata, organizationId, body, isKeyed);
      const context = this.contextOf(line, body, sealed);
      const write = new WriteToLedger(this.ledgerId, postTransaction(body), context);
      const outcome = await turn.send(() => this.commands.execute<WriteToLedger, CommandOutcome>(write));
      if (line.number === 1) this.isFirstLineNew = !isAnsweredAgain(outcome);
      const gone = whyGone(sealed, outcome);
      if (gone !== undefined) return this.problem(line, gone);
      if (outcome.kind === 'accepted')
        return mayBeSealed(outcome.answer)
          ? await this.metadata.openAll(organizationId, outcome.answer)
          : outcome.answer;
      return this.problem(line, ApiProblem.ofRefusal(outcome.refusal, refusalsOf(this.request)));
    } catch (error) {
      return this.problem(line, toProblem(error) ?? this.bug(line, error));
    } finally {
      turn.end();
    }
  }

  private parse({ bytes }: BodyLine): TransactionDto {
    if (bytes === undefined) throw new ApiProblem('body_too_large', 'The line is larger than 1 MB.');
    const body = parseJsonBody(bytes);
    if (!this.dto.accepts(body)) throw ApiProblem.ofFields(this.dto.explain(body));
    return body as TransactionDto;
  }

  /** A repetition of what names somebody whose key is gone is a dry run: it is answered as before, or refused. */
  private contextOf(line: BodyLine, body: TransactionDto, sealed: SealedBody | null): CommandContext {
    const context = this.nextContext();
    const { idempotencyKey } = context;
    if (idempotencyKey === undefined) return context;
    const key = `${idempotencyKey}${keySeparator}${line.number}`;
    const keyed = withIdempotency(context, key, this.request, body, sealed);
    return sealed?.problem === undefined ? keyed : { ...keyed, dryRun: true };
  }

  private problem(line: BodyLine, problem: ApiProblem): string {
    this.request.lineRefused?.(problem);
    return JSON.stringify({ line: line.number, ...problem.body(this.request.id) });
  }

  private bug(line: BodyLine, error: unknown): ApiProblem {
    const { request } = this;
    const facts = { err: error, request_id: request.id, ...traceFacts(request), line: line.number };
    this.log.error(facts, 'bug while posting a line');
    return new ApiProblem('internal_error', 'A bug of ours; it was logged.');
  }
}

/** One that is refused by a rule had no effect at first either. */
function isAnsweredAgain(outcome: CommandOutcome): boolean {
  return outcome.kind === 'accepted' ? outcome.replayed : !isRefusedAs(outcome, idempotencyKeyReused);
}
