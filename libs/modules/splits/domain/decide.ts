import { isSameJson, refused } from '@fintech-ledger/contract';
import type { CodeOf, PartDecision } from '@fintech-ledger/contract';
import type { DecideContext } from '@fintech-ledger/ledger/domain';
import {
  connectedAccountKey,
  connectedPartyOf,
  currencyRefusal,
  partiesRefusal,
  platformOwner,
  splitRuleKey,
  splitRuleNotFound,
  unknownSplitAccount,
} from '@fintech-ledger/payments/domain';
import type { PartyFacts } from '@fintech-ledger/payments/domain';
import type { CreateSplitRule, SplitCommand, UpdateSplitRule } from './commands';
import type { SplitEvent } from './events';
import type { SplitRuleFacts } from './facts';
import { splitRuleOf } from './records';
import type { SplitsView } from './records';
import type { splitRuleCommandRefusals } from './refusals';

type DecisionOf<Type extends SplitCommand['type']> = PartDecision<
  SplitEvent,
  CodeOf<(typeof splitRuleCommandRefusals)[Type]>
>;

/** What a command does to split rules: its event, or why not. Pure; the view is not changed. */
export function decideSplits(
  view: SplitsView,
  command: SplitCommand,
  context: DecideContext,
): DecisionOf<SplitCommand['type']> {
  switch (command.type) {
    case 'CreateSplitRule':
      return create(view, command, context);
    case 'UpdateSplitRule':
      return update(view, command, context);
  }
}

/** Keys of the records that deciding a command reads. */
export function readsOfSplits(command: SplitCommand): readonly string[] {
  const rule = command.type === 'UpdateSplitRule' ? [splitRuleKey(command.ruleId)] : [];
  const accounts = new Set((command.parties ?? []).map(({ account }) => account));
  accounts.delete(platformOwner);
  return [...rule, ...[...accounts].map(connectedAccountKey)];
}

function create(
  view: SplitsView,
  { type: _type, ...said }: CreateSplitRule,
  { newId, now }: DecideContext,
): DecisionOf<'CreateSplitRule'> {
  const wrong = wrongCurrency(said.currency, now) ?? wrongParties(view, said.parties);
  if (wrong !== undefined) return wrong;
  const splitRule: SplitRuleFacts = {
    ...said,
    createdAt: now,
    id: newId('spr', 0),
    updatedAt: now,
    version: 1,
  };
  return { kind: 'decided', events: [{ type: 'SplitRuleCreated', data: { splitRule } }] };
}

function update(
  view: SplitsView,
  { ruleId, type: _type, ...said }: UpdateSplitRule,
  { now }: DecideContext,
): DecisionOf<'UpdateSplitRule'> {
  const rule = splitRuleOf(view, ruleId);
  if (rule === undefined) return refused(splitRuleNotFound, `There is no split rule ${ruleId.slice(0, 80)}.`);
  const { currency = null, parties } = said;
  const wrong = wrongCurrency(currency, now) ?? (parties && wrongParties(view, parties));
  if (wrong !== undefined) return wrong;
  const after = { ...rule, ...said };
  // Without a change there is no next version.
  if (isSameJson(after, rule))
    return {
      kind: 'decided',
      events: [],
      answeredAs: [{ type: 'SplitRuleUpdated', data: { splitRule: rule } }],
    };
  const splitRule = { ...after, updatedAt: now, version: rule.version + 1 };
  return { kind: 'decided', events: [{ type: 'SplitRuleUpdated', data: { splitRule } }] };
}

const wrongCurrency = (currency: string | null, now: string) =>
  currency === null ? undefined : currencyRefusal(currency, now, '/currency');

function wrongParties(view: SplitsView, parties: readonly PartyFacts[]) {
  const wrong = partiesRefusal(parties);
  if (wrong !== undefined) return wrong;
  for (const [i, { account, id }] of parties.entries()) {
    if (account === platformOwner) continue;
    const party = connectedPartyOf(view, account);
    if (party !== undefined && party.status !== 'closed') continue;
    const why = `The account of party ${id}, ${account.slice(0, 80)}, is no connected account that takes money.`;
    return refused(unknownSplitAccount, why, `/parties/${i}/account`);
  }
  return undefined;
}
