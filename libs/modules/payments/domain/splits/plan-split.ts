import { refused } from '@fintech-ledger/contract';
import type { CodeOf, Refusal } from '@fintech-ledger/contract';
import { platformOwner } from '../chart';
import { connectedPartyOf } from '../connected-accounts';
import type { PaymentFacts } from '../facts';
import type { PaymentsView } from '../records';
import { accountSuspended } from '../transfers/transfer-refusals';
import { allocate } from './allocate';
import { partiesRefusal } from './judge-parties';
import { accountsOf } from './make-split';
import type { SplitPlan } from './make-split';
import type { PartyFacts } from './party';
import { splitRuleAt } from './split-rules';
import {
  splitCurrencyMismatch,
  splitInvalid,
  splitRuleNotFound,
  unknownSplitAccount,
} from './split-refusals';
import type { splitPlanRefusals } from './split-refusals';

type Refused<Code extends string> = { readonly kind: 'refused'; readonly refusal: Refusal<Code> };
type PlanRefusal = Refused<CodeOf<typeof splitPlanRefusals>>;

export interface Asked {
  readonly parties?: readonly PartyFacts[] | undefined;
  readonly splitRule?: string | undefined;
}
interface Of {
  readonly amount: string;
  /** Where the parties are in the request, where it has them. */
  readonly at: string;
  readonly currency: string;
  /** The rule's version is the one after that. */
  readonly revision: number;
}

/** How it is to be split, by a rule or among parties, or why it can't be. */
export function planOf(
  view: PaymentsView,
  { parties: said = [], splitRule: id }: Asked,
  { amount, at, currency, revision }: Of,
): SplitPlan | PlanRefusal {
  if (id === undefined) {
    const wrong =
      partiesRefusal(said, at) ??
      accountsRefusal(view, said, (i) => `${at}/${i}/account`) ??
      shortRefusal(said, amount, (i) => `${at}/${i}`);
    return wrong ?? { parties: said, rule: null };
  }
  const rule = splitRuleAt(view, id, revision);
  const param = '/split_rule';
  if (rule === undefined)
    return refused(splitRuleNotFound, `There is no split rule ${id.slice(0, 80)}.`, param);
  if (rule.currency !== null && rule.currency !== currency) {
    const why = `Split rule ${id} splits ${rule.currency}, and not ${currency}.`;
    return refused(splitCurrencyMismatch, why, param);
  }
  const { parties, version } = rule;
  const wrong = accountsRefusal(view, parties, () => param) ?? shortRefusal(parties, amount, () => param);
  return wrong ?? { parties, rule: { id, version } };
}

/** After every version of a rule. */
export const newestRevision = Number.MAX_SAFE_INTEGER;

type Planned = Pick<PaymentFacts, 'splitAccounts' | 'splitParties' | 'splitRule'>;
/** What a new payment says of how it is split; nothing: it is not. */
export function plannedSplit(
  view: PaymentsView,
  asked: Asked,
  of: Pick<PaymentFacts, 'amount' | 'currency'>,
): Planned | PlanRefusal {
  if (asked.parties === undefined && asked.splitRule === undefined) return {};
  const plan = planOf(view, asked, { ...of, at: '/splits', revision: newestRevision });
  if ('kind' in plan) return plan;
  const { parties, rule } = plan;
  return {
    splitAccounts: accountsOf(parties),
    splitParties: parties,
    ...(rule !== null && { splitRule: rule }),
  };
}

/** Why an account can't get a share now. @param at where in the request the party of that index is */
export function accountsRefusal(
  view: PaymentsView,
  parties: readonly PartyFacts[],
  at: (i: number) => string = () => '/splits',
): Refused<'account_suspended' | 'unknown_split_account'> | undefined {
  for (const [i, { account, id }] of parties.entries()) {
    const wrong = account === platformOwner ? undefined : accountRefusal(view, account, id, at(i));
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function accountRefusal(view: PaymentsView, account: string, party: string, param: string) {
  const known = connectedPartyOf(view, account);
  if (known === undefined || known.status === 'closed') {
    const why = `The account of party ${party}, ${account.slice(0, 80)}, is no connected account that takes money.`;
    return refused(unknownSplitAccount, why, param);
  }
  if (known.status === 'active') return undefined;
  const why = `The account of party ${party}, ${account}, is suspended: nothing is transferred to it.`;
  return refused(accountSuspended, why, param);
}

/** Why an amount is not enough for its parties. @param at where in the request it is, or the party of that index */
export function shortRefusal(
  parties: readonly PartyFacts[] | undefined,
  amount: string,
  at: string | ((i: number) => string),
): Refused<'split_invalid'> | undefined {
  if (parties === undefined) return undefined;
  const allocation = allocate(BigInt(amount), parties);
  if (allocation.kind === 'allocated') return undefined;
  const { by, party } = allocation;
  const why = `Party ${parties[party]?.id}: the amount of ${amount} is short by ${by}.`;
  return refused(splitInvalid, why, typeof at === 'string' ? at : at(party));
}
