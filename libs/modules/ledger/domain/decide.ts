import { isRefusal } from '@fintech-ledger/contract';
import type { LedgerCommand } from './commands';
import { asksForNothing, decideAccount } from './decide-account';
import type { AccountCommand } from './decide-account';
import { decideCapture, decideVoid } from './decide-hold';
import { decideBulk, decideExpiries } from './decide-many';
import type { DecisionSteps } from './decide-many';
import { decideReversal } from './decide-reversal';
import { decideTransaction } from './decide-transaction';
import { contextOfEvent } from './decision';
import type { DecideContext, LedgerDecision } from './decision';
import type { LedgerEvent } from './events';
import type { LedgerView } from './records';
import { showAccount } from './show-account';
import type { ShownAccount } from './show-account';
import type { RefusalOf } from '@fintech-ledger/contract';
import type { commandRefusals } from './refusals';

/** What a command does to a ledger: its events, or why not. Pure; the view is not changed. */
export function decide(view: LedgerView, command: LedgerCommand, context: DecideContext): LedgerDecision {
  if (command.type === 'ShowAccount') return shown(showAccount(view, command.address));
  if ('address' in command) return decideAccountOrNothing(view, command, context.now);
  switch (command.type) {
    case 'PostTransaction':
      return decided<'PostTransaction'>(decideTransaction(view, command, contextOfEvent(context, 0)));
    case 'PostTransactions':
      return atOnce(decideBulk(view, command, context));
    case 'CaptureHold':
      return decided<'CaptureHold'>(decideCapture(view, command, context.now));
    case 'VoidHold':
      return decided<'VoidHold'>(decideVoid(view, command, context.now));
    case 'ReverseTransaction':
      return decided<'ReverseTransaction'>(decideReversal(view, command, contextOfEvent(context, 0)));
    case 'ExpireHolds':
      return atOnce(decideExpiries(view, command.transactionIds, context.now));
  }
}

/** What asks for no change is answered with the account as it is, and nothing is recorded. */
function decideAccountOrNothing(view: LedgerView, command: AccountCommand, now: string): LedgerDecision {
  const outcome = decideAccount(view, command, now);
  if (isRefusal(outcome) || !asksForNothing(command)) return decided<AccountCommand['type']>(outcome);
  const { data } = outcome;
  const asItIs = { ...outcome, data: { ...data, version: data.version - 1 } };
  return { kind: 'decided', events: [], answeredAs: [asItIs] };
}

function shown(outcome: ShownAccount | RefusalsOf<'ShowAccount'>): LedgerDecision {
  if ('code' in outcome) return { kind: 'refused', refusal: outcome };
  return { kind: 'decided', events: [], answer: JSON.stringify(outcome) };
}

type RefusalsOf<Type extends LedgerCommand['type']> = RefusalOf<(typeof commandRefusals)[Type]>;

/** What the rules refuse a command of this type with, its list has. */
function decided<Type extends LedgerCommand['type']>(
  outcome: LedgerEvent | RefusalsOf<Type>,
): LedgerDecision {
  return isRefusal(outcome) ? { kind: 'refused', refusal: outcome } : { kind: 'decided', events: [outcome] };
}

/** All of it at once. */
function atOnce(steps: DecisionSteps): LedgerDecision {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}
