import { isRefusal, isSameJson, refuse, refused } from '@fintech-ledger/contract';
import type { Refusal } from '@fintech-ledger/contract';
import { mergedMetadata } from '@fintech-ledger/ledger/domain';
import type { DecideContext } from '@fintech-ledger/ledger/domain';
import { payeeAccount } from './bank-transfers';
import { bankTransferRail } from './chart';
import type { ConfirmPayment, CreatePayment, UpdatePayment } from './commands';
import { partyRefusal, shareRefusal } from './charges/decide-charge';
import { currencyRefusal } from './currency';
import { decided, idlePayment, unexpectedState } from './decision';
import type { DecisionOf } from './decision';
import type { PaymentFacts, PaymentStatus } from './facts';
import { withOwnFields } from './fields-of-confirm';
import { changedPayer, defaultOf, paidBy } from './decide-payer';
import { accountsRefusal, plannedSplit, shortRefusal } from './splits/plan-split';
import { payerRefusal, railRefusal, usableMethod } from './methods';
import type { MethodRefusal, UsableMethod } from './methods';
import { shapedPayment } from './payment-shape';
import { newCall } from './rail-calls';
import type { PaymentsView } from './records';
import { paymentMethodRequired, railUnavailable } from './refusals';

export const isConfirmable = (status: PaymentStatus): boolean =>
  status === 'requires_payment_method' || status === 'requires_confirmation';
const statusWith = (paymentMethod: string | null, rail: string | null): PaymentStatus =>
  paymentMethod === null && rail !== bankTransferRail ? 'requires_payment_method' : 'requires_confirmation';
const asRefused = <Code extends string>(refusal: Refusal<Code>) => ({ kind: 'refused', refusal }) as const;

export function createPayment(
  view: PaymentsView,
  command: CreatePayment,
  context: DecideContext,
): DecisionOf<'CreatePayment'> {
  const { actsAs, amount, confirm, currency, customer, livemode, offSession, rail, splitRule, splits } =
    command;
  const isTransfer = rail === bankTransferRail;
  const paymentMethod = command.paymentMethod ?? (confirm && !isTransfer ? defaultOf(view, customer) : null);
  const noCurrency = currencyRefusal(currency, context.now);
  if (noCurrency !== undefined) return noCurrency;
  const noShare = partyRefusal(view, command, actsAs) ?? shareRefusal(command, amount);
  if (noShare !== undefined) return noShare;
  const split = plannedSplit(view, { parties: splits, splitRule }, command);
  if ('kind' in split) return split;
  const noPayer = payerRefusal(view, customer);
  if (noPayer !== undefined) return asRefused(noPayer);
  const noRail = railRefusal(rail, livemode);
  if (noRail !== undefined) return asRefused(noRail);
  const noTransfer = isTransfer ? transferRefusal(view, command) : undefined;
  if (noTransfer !== undefined) return asRefused(noTransfer);
  const method = paymentMethod === null ? undefined : usableMethod(view, paymentMethod, command);
  if (isRefusal(method)) return asRefused(method);
  if (confirm && paymentMethod === null && !isTransfer)
    return refused(paymentMethodRequired, 'A payment is confirmed with a payment method.', '/payment_method');
  const payment = newPayment(command, split, { customer: customer ?? method?.owner, paymentMethod }, context);
  if (!confirm) return decided({ type: 'PaymentCreated', data: { payment } });
  const confirmed = confirmedWith(view, payment, offSession, context);
  return 'id' in confirmed ? decided({ type: 'PaymentCreated', data: { payment: confirmed } }) : confirmed;
}

/** What nothing has happened to. */
function newPayment(
  command: CreatePayment,
  split: Pick<PaymentFacts, 'splitAccounts' | 'splitParties' | 'splitRule'>,
  {
    customer,
    paymentMethod,
  }: Pick<CreatePayment, 'paymentMethod'> & { readonly customer: string | null | undefined },
  context: DecideContext,
): PaymentFacts {
  return shapedPayment({
    amount: command.amount,
    amountCapturable: '0',
    amountCaptured: '0',
    amountRefunded: '0',
    applicationFeeAmount: command.applicationFeeAmount,
    attempt: null,
    availableOn: null,
    call: null,
    canceledAt: null,
    cancellationReason: null,
    captureMethod: command.captureMethod,
    connectedAccount: command.connectedAccount,
    createdAt: context.now,
    currency: command.currency,
    customer: customer ?? undefined,
    description: command.description,
    expiresAt: null,
    fee: '0',
    id: context.newId('pay', 0),
    lastError: null,
    livemode: command.livemode,
    metadata: command.metadata,
    nextAction: null,
    offSession: command.offSession && !command.confirm ? true : undefined,
    paymentMethod,
    pending: '0',
    rail: command.rail,
    returnUrl: command.returnUrl,
    splitAccounts: split.splitAccounts,
    splitParties: split.splitParties,
    splitRule: split.splitRule,
    status: statusWith(paymentMethod, command.rail),
    transferData: command.transferData,
    transferGroup: command.transferGroup,
  });
}

type NotConfirmed = DecisionOf<'ConfirmPayment'> & DecisionOf<'CreatePayment'>;

/** A payment with the intent to make it: its rail is called once the event that has it is stored. */
function confirmedWith(
  view: PaymentsView,
  payment: PaymentFacts,
  offSession: boolean,
  context: DecideContext,
): PaymentFacts | NotConfirmed {
  const { amount, paymentMethod = null, customer = null } = payment;
  const method = methodOf(view, payment);
  if (method === undefined)
    return refused(paymentMethodRequired, `Payment ${payment.id} has no payment method.`, '/payment_method');
  if (isRefusal(method)) return asRefused(method);
  const { card, owner, template } = method;
  const id = context.newId('att', 0);
  const begun = {
    amount,
    card,
    code: null,
    createdAt: context.now,
    declineCode: null,
    id,
    paymentMethod: paymentMethod ?? method.rail,
    rail: method.rail,
    railReference: null,
    status: 'pending',
  } as const;
  const attempt = template === undefined ? begun : { ...begun, template };
  const call = newCall({ amount: null, key: id, kind: 'authorize', offSession }, context.now);
  const payer = paidBy(customer ?? owner);
  const asked = { attempt, call, lastError: null, offSession: undefined } as const;
  return { ...payment, ...payer, ...asked, status: 'requires_confirmation' };
}

/** What a payment is paid with; undefined: there is nothing yet. A transfer needs none. */
function methodOf(view: PaymentsView, payment: PaymentFacts): UsableMethod | MethodRefusal | undefined {
  const { customer = null, livemode, paymentMethod, rail } = payment;
  if (paymentMethod !== null) return usableMethod(view, paymentMethod, { customer, livemode, rail });
  if (rail !== bankTransferRail) return undefined;
  return transferRefusal(view, payment) ?? { card: null, owner: null, rail };
}

/** Why money can't come by a transfer. */
function transferRefusal(
  view: PaymentsView,
  { captureMethod, currency, livemode }: Pick<PaymentFacts, 'captureMethod' | 'currency' | 'livemode'>,
): Refusal<'rail_unavailable'> | undefined {
  if (captureMethod === 'manual')
    return refuse(railUnavailable, 'A transfer can not be held and captured later.', '/capture_method');
  if (payeeAccount(view, currency, livemode) !== undefined) return undefined;
  const why = `There is no bank account for ${currency}: PUT /v1/bank_accounts says them.`;
  return refuse(railUnavailable, why, '/currency');
}

export function confirmPayment(
  view: PaymentsView,
  command: ConfirmPayment,
  context: DecideContext,
): DecisionOf<'ConfirmPayment'> {
  return withOwnFields(confirmation(view, command, context), command);
}

function confirmation(
  view: PaymentsView,
  command: ConfirmPayment,
  context: DecideContext,
): DecisionOf<'ConfirmPayment'> {
  const found = idlePayment(view, command);
  if ('refusal' in found) return found.refusal;
  const { payment } = found;
  if (!isConfirmable(payment.status))
    return unexpectedState(payment, `Payment ${payment.id} is ${payment.status}: it can't be confirmed.`);
  const noParty = partyRefusal(view, payment) ?? accountsRefusal(view, payment.splitParties ?? []);
  if (noParty !== undefined) return noParty;
  const noPayer = payerRefusal(view, payment.customer ?? null);
  if (noPayer !== undefined) return asRefused(noPayer);
  const { returnUrl = payment.returnUrl, offSession = payment.offSession ?? false } = command;
  const isTransfer = payment.rail === bankTransferRail;
  const known = command.paymentMethod ?? payment.paymentMethod;
  const paymentMethod = known ?? (isTransfer ? null : defaultOf(view, payment.customer));
  const confirmed = confirmedWith(view, { ...payment, paymentMethod, returnUrl }, offSession, context);
  return 'id' in confirmed ? decided({ type: 'PaymentConfirmed', data: { payment: confirmed } }) : confirmed;
}

export function updatePayment(view: PaymentsView, command: UpdatePayment): DecisionOf<'UpdatePayment'> {
  const found = idlePayment(view, command);
  if ('refusal' in found) return found.refusal;
  const { payment } = found;
  const { amount = payment.amount, description = payment.description, paymentMethod } = command;
  const asksForMore = [command.amount, paymentMethod, command.customer].some((said) => said !== undefined);
  if (asksForMore && !isConfirmable(payment.status))
    return unexpectedState(
      payment,
      `Payment ${payment.id} is ${payment.status}: its amount, its customer and its payment method stay as they are.`,
    );
  const noShare =
    shareRefusal(payment, amount, '/amount') ?? shortRefusal(payment.splitParties, amount, '/amount');
  if (noShare !== undefined) return noShare;
  const payer = changedPayer(view, command, payment);
  if (isRefusal(payer)) return asRefused(payer);
  const merged = mergedMetadata(payment.metadata, command.metadata);
  if ('refusal' in merged) return merged;
  const { metadata } = merged;
  const { customer: _before, ...others } = payment;
  const changed = { ...others, ...paidBy(payer.customer), amount, description, metadata };
  const withMethod =
    paymentMethod === undefined
      ? changed
      : { ...changed, paymentMethod, status: statusWith(paymentMethod, payment.rail) };
  if (isSameJson(settingsOf(withMethod), settingsOf(payment)))
    return { kind: 'decided', events: [], answeredAs: [updated(payment)] };
  return decided(updated(withMethod));
}

const updated = (payment: PaymentFacts) => ({ type: 'PaymentUpdated', data: { payment } }) as const;
const settingsOf = (payment: PaymentFacts): readonly unknown[] => [
  payment.amount,
  payment.customer ?? null,
  payment.description,
  payment.metadata,
  payment.paymentMethod,
];
