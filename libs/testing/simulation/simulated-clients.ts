import { AnswerUnavailable, isRefusedAs } from '@fintech-ledger/journal';
import type { CommandEnvelope, CommandOutcome } from '@fintech-ledger/journal';
import type { LedgerCommand } from '@fintech-ledger/ledger/domain';
import { hash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { callUnderWay } from '../carrier/carrier-part';
import type { CarrierCommand } from '../carrier/carrier-part';
import { insist } from '../insist';
import type { PostageCommand } from '../postage/postage-part';
import { isUnknown, wroteNothing } from './connection-lost';
import type { JournalAudit } from './journal-audit';
import type { SimulatedCluster } from './simulated-cluster';

/** Of the ledger, or of the test module that has joined it. */
export type SimulatedCommand = LedgerCommand | PostageCommand | CarrierCommand;

/** A command that its client was told is done. */
export interface Acknowledged {
  readonly envelope: CommandEnvelope<SimulatedCommand>;
  readonly answer: string;
}

/** Clients that send, lose the connection, send again, and write down what they are told. */
export class SimulatedClients {
  readonly acknowledged = new Map<string, Acknowledged>();
  /** Requests of which somebody was told that they left no trace. */
  readonly traceless = new Set<string>();
  readonly commands = new Map<string, SimulatedCommand>();
  readonly counts = { refused: 0, retries: 0, deferred: 0 };
  private requests = 0;

  constructor(
    private readonly stream: string,
    private readonly cluster: SimulatedCluster,
    private readonly audit: JournalAudit,
    private readonly random: () => number,
  ) {}

  /** Sees a command through: most have a key, some are sent twice at once, some again much later, some with a key that is taken. */
  async send(command: SimulatedCommand, key: string): Promise<void> {
    const coin = this.random();
    if (coin < 0.03) return this.dryRun(command);
    if (coin < 0.15) return this.once(command);
    const senders = coin < 0.25 ? [1, 2] : [1];
    await Promise.all(senders.map(() => this.withKey(command, key)));
    if (coin > 0.95) await this.again();
    if (coin > 0.98) await this.reuse(command);
  }

  /** Everything that was acknowledged under a key is answered again as the first time. */
  async replayAll(submit: (envelope: CommandEnvelope) => Promise<CommandOutcome>): Promise<void> {
    for (const [key, { envelope, answer }] of this.acknowledged) {
      if (envelope.idempotencyKey === undefined || !hasEffect(answer)) continue;
      const outcome = await submit(this.envelope(envelope.command, key));
      insist(
        told(outcome) === answer,
        () => `${key} was answered ${answer}, at the end ${JSON.stringify(outcome)}`,
      );
    }
  }

  /** What was acknowledged is in the journal, and what was said to leave no trace has left none. */
  checkTraces(): void {
    for (const [name, { answer }] of this.acknowledged) {
      const trace = this.audit.byKey.get(name) ?? this.audit.byCorrelation.get(name);
      insist(
        trace !== undefined || !hasEffect(answer),
        () => `${name} was acknowledged and is gone: ${answer}`,
      );
    }
    for (const correlationId of this.traceless) {
      const trace = this.audit.byCorrelation.get(correlationId);
      insist(
        trace === undefined,
        () => `${correlationId} was to leave no trace, and is at ${trace?.firstRevision}`,
      );
    }
  }

  /** Sends a command again and again until its answer is known. */
  async withKey(command: SimulatedCommand, key: string): Promise<void> {
    while (!(await this.attempt(command, key))) {
      this.counts.retries += 1;
      await sleep(this.random() * 200);
    }
  }

  /** Sends a command once. Returns whether it was answered. */
  async attempt(
    command: SimulatedCommand,
    key: string,
    onSend?: (correlationId: string) => void,
  ): Promise<boolean> {
    const envelope = this.envelope(command, key);
    onSend?.(envelope.correlationId);
    try {
      const outcome = await this.cluster.submit(envelope);
      this.note(key, envelope, outcome);
      if (!isUnderWay(outcome)) return true;
      // The carrier may take an hour.
      await sleep(this.random() * 20_000);
      return false;
    } catch (error) {
      if (wroteNothing(error)) this.traceless.add(envelope.correlationId);
      else if (error instanceof AnswerUnavailable) this.checkPlace(key, error.revision);
      else if (!isUnknown(error)) throw error;
      return false;
    }
  }

  /** Without a key a command is sent again only when nothing was written. */
  private async once(command: SimulatedCommand): Promise<void> {
    for (;;) {
      const envelope = this.envelope(command);
      try {
        return this.note(envelope.correlationId, envelope, await this.cluster.submit(envelope));
      } catch (error) {
        if (isUnknown(error)) return;
        if (error instanceof AnswerUnavailable)
          return this.checkPlace(envelope.correlationId, error.revision);
        if (!wroteNothing(error)) throw error;
        this.traceless.add(envelope.correlationId);
        await sleep(this.random() * 200);
      }
    }
  }

  private async dryRun(command: SimulatedCommand): Promise<void> {
    const envelope = { ...this.envelope(command), dryRun: true };
    this.traceless.add(envelope.correlationId);
    await this.cluster.submit(envelope).catch(rethrowBugs);
  }

  private async again(): Promise<void> {
    const earlier = this.pick();
    if (earlier?.envelope.idempotencyKey === undefined) return;
    await this.withKey(earlier.envelope.command, earlier.envelope.idempotencyKey);
  }

  private async reuse(command: SimulatedCommand): Promise<void> {
    const key = this.pick()?.envelope.idempotencyKey;
    if (key === undefined) return;
    const envelope = { ...this.envelope(command, key), requestHash: 'another request' };
    this.traceless.add(envelope.correlationId);
    const outcome = await this.cluster.submit(envelope).catch(rethrowBugs);
    insist(
      outcome?.kind !== 'accepted' || !hasEffect(outcome.answer),
      () => `${key} was accepted for another request`,
    );
  }

  private note(name: string, envelope: CommandEnvelope<SimulatedCommand>, outcome: CommandOutcome): void {
    const answer = told(outcome);
    if (answer === undefined) {
      this.counts.refused += 1;
      if (outcome.revision === undefined) this.traceless.add(envelope.correlationId);
      return;
    }
    const before = this.acknowledged.get(name);
    insist(
      before === undefined || before.answer === answer || !hasEffect(answer) || !hasEffect(before.answer),
      () => `${name} was answered ${before?.answer}, now ${answer}`,
    );
    if (before === undefined || hasEffect(answer)) this.acknowledged.set(name, { envelope, answer });
    if (envelope.command.type === 'SendParcel') this.checkEnd(envelope.command.parcelId, outcome.revision);
    else if (hasEffect(answer)) this.checkPlace(name, outcome.revision ?? -1);
  }

  /** An answer that was waited for stands for the event that ended the call. */
  private checkEnd(parcelId: string, revision: number | undefined): void {
    const ended = this.audit.callEnds.get(parcelId);
    this.counts.deferred += 1;
    insist(ended === revision, () => `${parcelId} was taken or refused at ${ended}, not at ${revision}`);
  }

  /** A command is where its client was told that it is. */
  private checkPlace(name: string, revision: number): void {
    const trace = this.audit.byKey.get(name) ?? this.audit.byCorrelation.get(name);
    const last = trace === undefined ? undefined : trace.firstRevision + trace.size - 1;
    insist(last === revision, () => `${name} is at ${last}, and was answered with ${revision}`);
  }

  /** Any that has an effect: what changed nothing has burned no key. */
  private pick(): Acknowledged | undefined {
    const names = [...this.acknowledged.keys()];
    const picked = this.acknowledged.get(names[Math.floor(this.random() * names.length)] ?? '');
    return picked && hasEffect(picked.answer) ? picked : undefined;
  }

  private envelope(command: SimulatedCommand, idempotencyKey?: string): CommandEnvelope<SimulatedCommand> {
    const correlationId = `req-${(this.requests += 1)}`;
    this.commands.set(correlationId, command);
    const { stream } = this;
    const asked = { stream, organizationId: 'org_1', actor: 'key_1', correlationId, command };
    if (idempotencyKey === undefined) return asked;
    return { ...asked, idempotencyKey, requestHash: hash('sha256', JSON.stringify(command), 'hex') };
  }
}

/** A change that changes nothing, or a bulk of which every item was refused, writes nothing and has no key to be found by. */
function hasEffect(answer: string): boolean {
  const parsed = JSON.parse(answer) as { object?: string; data?: readonly { object: string }[] };
  return parsed.object !== undefined || (parsed.data ?? []).some(({ object }) => object !== 'error');
}

/** What a client was told for ever; undefined: a refusal without a trace, or that he has to wait longer. */
function told(outcome: CommandOutcome): string | undefined {
  if (outcome.kind === 'accepted') return outcome.answer;
  const { refusal, revision } = outcome;
  if (revision === undefined || isUnderWay(outcome)) return undefined;
  return JSON.stringify({ object: 'refusal', ...refusal, revision });
}

const isUnderWay = (outcome: CommandOutcome): boolean => isRefusedAs(outcome, callUnderWay);

function rethrowBugs(error: unknown): undefined {
  if (!wroteNothing(error) && !isUnknown(error) && !(error instanceof AnswerUnavailable)) throw error;
  return undefined;
}
