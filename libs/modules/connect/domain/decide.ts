import { isSameJson, refused } from '@fintech-ledger/contract';
import type { CodeOf, PartDecision } from '@fintech-ledger/contract';
import { mergedMetadata } from '@fintech-ledger/ledger/domain';
import type { DecideContext, SharedView } from '@fintech-ledger/ledger/domain';
import { moneyReads } from './account-money';
import {
  connectedAccountNotFound,
  currencyRefusal,
  ownerKey,
  payoutScheduleKey,
  scheduleEvents,
  scheduleRefusal,
} from '@fintech-ledger/payments/domain';
import type { PayoutSchedule, ScheduleEvent } from '@fintech-ledger/payments/domain';
import type {
  ConnectCommand,
  CreateConnectedAccount,
  NewBankAccount,
  ProvideRequirements,
  UpdateConnectedAccount,
} from './commands';
import { closeAccount, eraseAccount } from './end-account';
import type { ConnectEvent } from './events';
import type { BankAccountFacts, ConnectedAccountFacts } from './facts';
import { bankAccountsMax } from './limits';
import { connectedAccountKey, connectedAccountOf } from './records';
import { unverified, verify } from './verification';
import type { ConnectView } from './records';
import {
  accountUnexpectedState,
  bankAccountNotFound,
  requirementInvalid,
  tooManyBankAccounts,
} from './refusals';
import type { connectCommandRefusals } from './refusals';

export type ConnectDecision<Code extends string = string> = PartDecision<ConnectEvent | ScheduleEvent, Code>;
type DecisionOf<Type extends ConnectCommand['type']> = ConnectDecision<
  CodeOf<(typeof connectCommandRefusals)[Type]>
>;

const decided = (...events: readonly (ConnectEvent | ScheduleEvent)[]): ConnectDecision<never> => ({
  kind: 'decided',
  events,
});

/** What a command does to connected accounts: its event, or why not. Pure; the view is not changed. */
export function decideConnect(
  view: ConnectView & SharedView,
  command: ConnectCommand,
  context: DecideContext,
): DecisionOf<ConnectCommand['type']> {
  if (command.type === 'CreateConnectedAccount') return create(view, command, context);
  const { accountId: id } = command;
  const account = connectedAccountOf(view, id);
  if (account === undefined) return refused(connectedAccountNotFound, `There is no connected account ${id}.`);
  if (command.type === 'EraseConnectedAccount') return eraseAccount(view, account, context.now);
  if (account.status === 'closed')
    return refused(accountUnexpectedState, `Connected account ${id} is closed.`);
  switch (command.type) {
    case 'UpdateConnectedAccount':
      return update(view, account, command, context);
    case 'ProvideRequirements':
      return provide(account, command, context);
    case 'AddBankAccount':
      return addBankAccount(account, command, context);
    case 'MakeBankAccountDefault':
      return makeDefault(account, command.bankAccountId);
    case 'VerifyConnectedAccount':
      return verify(account, context.now);
    case 'SuspendConnectedAccount':
    case 'ReinstateConnectedAccount':
      return turn(account, command.type, context.now);
    case 'CloseConnectedAccount':
      return closeAccount(view, account, context.now);
  }
}

/** Keys of the records that deciding a command reads, as far as the view tells. */
export function readsOfConnect(command: ConnectCommand, view: ConnectView): readonly string[] {
  const { accountId: id } = command;
  const own = [connectedAccountKey(id), payoutScheduleKey(id)];
  if (command.type === 'CloseConnectedAccount') return [...own, ...moneyReads(view, id)];
  return command.type === 'EraseConnectedAccount' ? [...own, ownerKey(id)] : own;
}

function create(
  view: ConnectView,
  command: CreateConnectedAccount,
  { now }: DecideContext,
): DecisionOf<'CreateConnectedAccount'> {
  const { type: _type, accountId: id, accountType, ...said } = command;
  const noCurrency = currencyRefusal(said.defaultCurrency, now, '/default_currency');
  if (noCurrency !== undefined) return noCurrency;
  const wrong = scheduleRefusal(said.payoutSchedule);
  if (wrong !== undefined) return wrong;
  const connectedAccount: ConnectedAccountFacts = {
    ...said,
    bankAccounts: [],
    closedAt: null,
    company: { address: null, name: null, registrationNumber: null },
    createdAt: now,
    id,
    individual: { address: null, birthDate: null, firstName: null, lastName: null },
    status: 'active',
    suspendedAt: null,
    tosAcceptedAt: null,
    type: accountType,
  };
  const scheduled = scheduledFor(view, connectedAccount, said.payoutSchedule, now);
  return decided(...scheduled, { type: 'ConnectedAccountCreated', data: { connectedAccount } });
}

/** Payments keep when it is paid out: the event says it to them, before the one that is answered with. */
const scheduledFor = (
  view: ConnectView,
  { id: owner, livemode }: ConnectedAccountFacts,
  schedule: PayoutSchedule,
  now: string,
): readonly ScheduleEvent[] => scheduleEvents(view, { livemode, owner }, schedule, now);

/** The account after a change; without one nothing is recorded. */
function changed(before: ConnectedAccountFacts, after: ConnectedAccountFacts): ConnectDecision<never> {
  const event = { type: 'ConnectedAccountUpdated', data: { connectedAccount: after } } as const;
  if (isSameJson(before, after)) return { kind: 'decided', events: [], answeredAs: [event] };
  return decided(event);
}

function update(
  view: ConnectView,
  before: ConnectedAccountFacts,
  command: UpdateConnectedAccount,
  { now }: DecideContext,
): DecisionOf<'UpdateConnectedAccount'> {
  const {
    businessProfile = before.businessProfile,
    email = before.email,
    payoutSchedule = before.payoutSchedule,
    reserve = before.reserve,
  } = command;
  const wrong = scheduleRefusal(payoutSchedule);
  if (wrong !== undefined) return wrong;
  const merged = mergedMetadata(before.metadata, command.metadata);
  if ('refusal' in merged) return merged;
  const { metadata } = merged;
  const after = { ...before, businessProfile, email, metadata, payoutSchedule, reserve };
  const decision = changed(before, after);
  const scheduled = scheduledFor(view, before, payoutSchedule, now);
  if (scheduled.length === 0 || decision.kind === 'refused') return decision;
  const updated = { type: 'ConnectedAccountUpdated', data: { connectedAccount: after } } as const;
  return decided(...scheduled, updated);
}

function provide(
  before: ConnectedAccountFacts,
  command: ProvideRequirements,
  context: DecideContext,
): DecisionOf<'ProvideRequirements'> {
  const { bankAccount, company, individual, isTosAccepted } = command;
  const other = before.type === 'individual' ? 'company' : 'individual';
  if (command[other] !== undefined)
    return refused(requirementInvalid, `The account is of type ${before.type}.`, `/${other}`);
  if (isTosAccepted === false)
    return refused(requirementInvalid, 'The terms have to be accepted.', '/tos_acceptance/accepted');
  const tosAcceptedAt = isTosAccepted === true ? context.now : before.tosAcceptedAt;
  const after = {
    ...before,
    company: { ...before.company, ...company },
    individual: { ...before.individual, ...individual },
    tosAcceptedAt,
  };
  if (bankAccount !== undefined) return withBankAccount(after, bankAccount, context);
  return changed(before, isSameJson(before, after) ? before : unverified(after));
}

const addBankAccount = (
  account: ConnectedAccountFacts,
  { accountHolder, iban }: NewBankAccount,
  context: DecideContext,
): DecisionOf<'AddBankAccount'> => withBankAccount(account, { accountHolder, iban }, context);

/** The first one is the default. */
function withBankAccount(
  account: ConnectedAccountFacts,
  said: NewBankAccount,
  { newId, now }: DecideContext,
): DecisionOf<'AddBankAccount'> {
  const { bankAccounts: others, id } = account;
  if (others.length >= bankAccountsMax)
    return refused(
      tooManyBankAccounts,
      `Connected account ${id} has ${others.length} bank accounts, which is the most.`,
    );
  const added: BankAccountFacts = {
    ...said,
    createdAt: now,
    id: newId('ba', 0),
    isDefault: others.length === 0,
  };
  const connectedAccount = { ...unverified(account), bankAccounts: [...others, added] };
  return decided({ type: 'ConnectedAccountUpdated', data: { connectedAccount } });
}

function makeDefault(account: ConnectedAccountFacts, id: string): DecisionOf<'MakeBankAccountDefault'> {
  const { bankAccounts } = account;
  if (!bankAccounts.some((each) => each.id === id))
    return refused(bankAccountNotFound, `${account.id} has no bank account ${id.slice(0, 80)}.`);
  const after = bankAccounts.map((each) => ({ ...each, isDefault: each.id === id }));
  return changed(account, { ...account, bankAccounts: after });
}

function turn(
  account: ConnectedAccountFacts,
  type: 'SuspendConnectedAccount' | 'ReinstateConnectedAccount',
  now: string,
): DecisionOf<'SuspendConnectedAccount'> {
  const suspends = type === 'SuspendConnectedAccount';
  if ((account.status === 'suspended') === suspends)
    return refused(accountUnexpectedState, `Connected account ${account.id} is ${account.status} already.`);
  const connectedAccount: ConnectedAccountFacts = suspends
    ? { ...account, status: 'suspended', suspendedAt: now }
    : { ...account, status: 'active', suspendedAt: null };
  const data = { connectedAccount };
  return decided(
    suspends ? { type: 'ConnectedAccountSuspended', data } : { type: 'ConnectedAccountReinstated', data },
  );
}
