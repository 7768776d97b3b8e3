import type { DecideContext } from '@fintech-ledger/ledger/domain';
import type { EraseBankLine, MatchBankLine } from './commands';
import type { DecisionOf } from './decision';
import { Draft } from './draft';
import type { AnyView } from './draft';
import { noLine, spent } from './line-refusals';
import { isRefused, paramOf, whatItIsFor } from './what-it-is-for';
import { bankLineOf } from './records';

export function matchBankLine(
  view: AnyView,
  { lineId, object }: MatchBankLine,
  context: DecideContext,
): DecisionOf<'MatchBankLine'> {
  const line = bankLineOf(view, lineId);
  if (line === undefined) return noLine(lineId);
  if (line.status !== 'parked') return spent(line);
  const draft = new Draft(view, context);
  const applied = whatItIsFor(draft, line, object, paramOf(object));
  if (isRefused(applied)) return applied;
  draft.add({ type: 'BankLineMatched', data: { bankLine: applied.line, leaves: line.payment } });
  applied.then();
  return { kind: 'decided', events: draft.events };
}

export function eraseBankLine(view: AnyView, { lineId }: EraseBankLine): DecisionOf<'EraseBankLine'> {
  const line = bankLineOf(view, lineId);
  if (line === undefined) return noLine(lineId);
  const nobody = { endToEndId: null, partyIban: null, partyName: null, remittance: null };
  const event = {
    type: 'BankLineErased',
    data: { bankLine: { ...line, ...nobody }, erasedSubject: line.subject },
  } as const;
  return { kind: 'decided', events: [event] };
}
