import type { EventStore } from '@fintech-ledger/event-store';
import type { DueStreamsOf } from './due-streams';
import type { CommandGateway } from './gateway';

/** What an event intends to be done outside of the journal, such as a call. JSON-safe. */
export interface Effect {
  readonly kind: string;
  /** Of what is to be done: the same at each attempt, so that whoever is asked does it once. */
  readonly key: string;
  /** Which attempt at it this is, from 1. */
  readonly attempt: number;
  readonly data: object;
}

/** An effect, and the module whose runner does it. */
export interface OwnedEffect extends Effect {
  readonly module: string;
}

/** An effect whose event is stored, and whose it is. */
export interface IntendedEffect extends OwnedEffect {
  readonly stream: string;
  readonly organizationId: string;
}

/** Does what events intend. */
export interface EffectRunner<C = unknown> {
  /**
   * Does it, and gives the command that records what came of it. It is called at most once for an attempt, after its
   * event was stored; nobody is called when the process dies before that. Undefined, or thrown: nothing is known. Then
   * the record that its domain keeps of it is due in time, and leads to the next attempt. So it is where the command is
   * refused.
   * @param signal aborted when the outcome can't be recorded here any more, or it takes too long
   */
  run(effect: IntendedEffect, signal: AbortSignal): Promise<C | undefined>;
}

/** What an effect may need of the process that writes. */
export interface EffectWorld {
  /** Commands to any stream. */
  readonly gateway: CommandGateway;
  readonly eventStore: Pick<EventStore, 'limits' | 'readStream'>;
  readonly due: DueStreamsOf;
}
