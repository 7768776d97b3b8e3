import type { DecideContext, SharedView } from '@fintech-ledger/ledger/domain';
import type { PaymentCommand } from '../commands';
import type { DecisionOf } from '../decision';
import type { PaymentsView } from '../records';
import {
  acceptDispute,
  eraseEvidence,
  expectDecision,
  giveEvidence,
  resolveDispute,
  updateDispute,
} from './decide-dispute';
import type { DisputeCommand } from './dispute-commands';
import { disputeCommandRefusals } from './dispute-refusals';
import { recordDispute, recordDisputeResponse } from './record-dispute';

export const isDisputeCommand = (command: PaymentCommand): command is DisputeCommand =>
  Object.hasOwn(disputeCommandRefusals, command.type);

/** What a command does to disputes. */
export function decideDisputes(
  view: PaymentsView & SharedView,
  command: DisputeCommand,
  context: DecideContext,
): DecisionOf<DisputeCommand['type']> {
  switch (command.type) {
    case 'UpdateDispute':
      return updateDispute(view, command);
    case 'GiveEvidence':
      return giveEvidence(view, command, context);
    case 'EraseDisputeEvidence':
      return eraseEvidence(view, command);
    case 'AcceptDispute':
      return acceptDispute(view, command, context);
    case 'ResolveDispute':
      return resolveDispute(view, command, context);
    case 'ExpectDisputeDecision':
      return expectDecision(view, command, context);
    case 'RecordDispute':
      return recordDispute(view, command, context);
    case 'RecordDisputeResponse':
      return recordDisputeResponse(view, command, context);
  }
}
