import fc from 'fast-check';
import { decide } from '@fintech-ledger/ledger/domain';
import type { DecideContext, LedgerCommand, LedgerEvent } from '@fintech-ledger/ledger/domain';
import { startOfTime } from '../decider-specification';
import { deepFreeze } from '../deep-freeze';
import { commandFor, firstAccounts } from './command-for';
import { InMemoryLedger } from './in-memory-ledger';
import { intents } from './ledger-intents';
import type { Intent } from './ledger-intents';

/** A ledger that a random client works on; its clock goes on with every intent, its ids follow from its revision. */
export class RandomLedger {
  readonly ledger = new InMemoryLedger();
  private now = startOfTime;

  constructor() {
    for (const command of firstAccounts()) {
      const decision = decide(this.ledger, command, this.context());
      if (decision.kind === 'decided') for (const event of decision.events) this.ledger.apply(event);
    }
  }

  /** What comes next, frozen; nothing is decided yet. */
  next(intent: Intent): { readonly command: LedgerCommand; readonly context: DecideContext } | undefined {
    this.now = new Date(Date.parse(this.now) + intent.elapsedSeconds * 1_000).toISOString();
    const command = commandFor(intent, this.ledger, this.now);
    return command && { command: deepFreeze(asImported(command, intent)), context: this.context() };
  }

  private context(): DecideContext {
    const next = this.ledger.revision + 1;
    return Object.freeze({
      now: this.now,
      newId: (prefix: string, index: number) => `${prefix}_${next + index}`,
    });
  }
}

/** Some of what is posted comes from a file, as what has happened. */
function asImported(command: LedgerCommand, { variant }: Intent): LedgerCommand {
  return command.type === 'PostTransaction' && variant % 10 === 9 ? { ...command, judged: false } : command;
}

/** The events of a random history of `count` commands; the same for the same seed. */
export function randomHistory(seed: number, count: number): readonly LedgerEvent[] {
  const random = new RandomLedger();
  for (const intent of fc.sample(intents(count), { seed, numRuns: 1 })[0] ?? []) {
    const next = random.next(intent);
    if (!next) continue;
    const decision = decide(random.ledger, next.command, next.context);
    if (decision.kind === 'decided') for (const event of decision.events) random.ledger.apply(event);
  }
  return random.ledger.events;
}
