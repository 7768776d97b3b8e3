import { nextPause } from '@fintech-ledger/contract';
import { journalStream } from '@fintech-ledger/envelope';
import { keyedByUs, ownKeyMark, systemActor } from '@fintech-ledger/journal';
import type { CommandEnvelope, CommandGateway, EffectRunner, IntendedEffect } from '@fintech-ledger/journal';
import type {
  ArrivalView,
  DeliverEffect,
  RecordLedgerTransferOutcome,
} from '@fintech-ledger/ledger-transfers/domain';
import { setTimeout as sleep } from 'node:timers/promises';
import { deliveryLimits } from './limits';

type Delivered = DeliverEffect & Pick<IntendedEffect, 'organizationId'>;

/**
 * Tells the other ledger of a transfer, under a key that is made of its id alone: however often it is told, also by two
 * processes at once, it judges the transfer once, and says the same again. Gives the command that records what it said.
 */
export class Deliveries implements EffectRunner<RecordLedgerTransferOutcome> {
  constructor(
    private readonly gateway: CommandGateway,
    private readonly patienceMs: number = deliveryLimits.deliverMsMax,
  ) {}

  /** @throws Error the other ledger can't be reached, or nothing is known of what it did */
  async run(effect: IntendedEffect, signal: AbortSignal): Promise<RecordLedgerTransferOutcome> {
    const { data: command, organizationId } = effect as unknown as Delivered;
    const { transferId, to } = command;
    const outcome = await this.submit(
      {
        stream: journalStream(to.ledger),
        organizationId,
        actor: systemActor,
        command,
        ...keyedByUs(['ledger-transfer', transferId].join(ownKeyMark)),
        correlationId: `ledger-transfer:${transferId}`,
      },
      signal,
    );
    if (outcome.kind === 'refused') {
      const { code, detail } = outcome.refusal;
      throw new Error(`${to.ledger} does not judge ${transferId}, ${code}: ${detail}`);
    }
    return { type: 'RecordLedgerTransferOutcome', transferId, outcome: outcomeIn(outcome.answer) };
  }

  /** The same again, as long as somebody waits: the key makes it safe. */
  private async submit(envelope: CommandEnvelope, signal: AbortSignal): ReturnType<CommandGateway['submit']> {
    const endAt = performance.now() + this.patienceMs;
    let pauseMs = 0;
    for (;;) {
      try {
        return await this.gateway.submit(envelope);
      } catch (error) {
        pauseMs = nextPause(pauseMs, 100, 2_000);
        if (signal.aborted || performance.now() + pauseMs > endAt) throw error;
      }
      await sleep(pauseMs, undefined, { ref: false });
    }
  }
}

function outcomeIn(answer: string): RecordLedgerTransferOutcome['outcome'] {
  const { failureCode, failureMessage, transaction } = JSON.parse(answer) as ArrivalView;
  if (transaction !== null) return { kind: 'received', transaction };
  return { kind: 'declined', failureCode: failureCode ?? 'declined', failureMessage: failureMessage ?? '' };
}
