import { isRefusal, isSameJson, refused } from '@fintech-ledger/contract';
import type { CodeOf } from '@fintech-ledger/contract';
import {
  accountKey,
  accountOf,
  bookLines,
  managedRefusal,
  mergedMetadata,
  normalDirection,
  unknownAccount,
} from '@fintech-ledger/ledger/domain';
import type { DecideContext, OfLedger } from '@fintech-ledger/ledger/domain';
import type {
  CreateLedgerTransfer,
  LedgerTransferCommand,
  ResumeLedgerTransfers,
  UpdateLedgerTransfer,
} from './commands';
import { receive, recordOutcome } from './decide-arrival';
import { booking, decided } from './decision';
import type { DecisionOf, TransfersDecision, View } from './decision';
import { resumeAfter } from './delivery';
import type { LedgerTransferEvent } from './events';
import type { LedgerTransferFacts } from './facts';
import { arrivalKey, ledgerTransferKey, ledgerTransferKeys, ledgerTransferOf } from './records';
import type { TransfersView } from './records';
import { ledgerTransferNotFound, withinLedger } from './refusals';
import type { ledgerTransferCommandRefusals } from './refusals';
import { leavingLines, transitAccount, withOpenTransit } from './transit';

/** What a command does to transfers between ledgers: its events, or why not. Pure; the view is not changed. */
export function decideLedgerTransfers(
  view: View,
  command: LedgerTransferCommand,
  context: DecideContext,
): TransfersDecision<CodeOf<(typeof ledgerTransferCommandRefusals)[LedgerTransferCommand['type']]>> {
  switch (command.type) {
    case 'CreateLedgerTransfer':
      return create(view, command, context);
    case 'UpdateLedgerTransfer':
      return update(view, command);
    case 'ReceiveLedgerTransfer':
      return receive(view, command, context);
    case 'RecordLedgerTransferOutcome':
      return recordOutcome(view, command, context);
    case 'ResumeLedgerTransfers':
      return resume(view, command, context);
  }
}

/** Keys of the records that deciding a command reads, as far as the view tells. */
export function readsOfLedgerTransfers(
  command: LedgerTransferCommand,
  view: TransfersView,
): readonly string[] {
  switch (command.type) {
    case 'CreateLedgerTransfer': {
      const { currency, from } = command;
      const transits = (['debit', 'credit'] as const).map((side) => transitAccount(side, currency));
      return [from, ...transits].map(({ account }) => accountKey(account));
    }
    case 'UpdateLedgerTransfer':
      return [ledgerTransferKey(command.transferId)];
    case 'ReceiveLedgerTransfer': {
      const { currency, side, to, transferId } = command;
      const transit = transitAccount(side, currency).account;
      return [arrivalKey(transferId), accountKey(to.account), accountKey(transit)];
    }
    case 'RecordLedgerTransferOutcome': {
      const transfer = ledgerTransferOf(view, command.transferId);
      const key = ledgerTransferKey(command.transferId);
      if (transfer === undefined) return [key];
      const transit = transitAccount(transfer.side, transfer.currency).account;
      return [key, accountKey(transfer.from.account), accountKey(transit)];
    }
    case 'ResumeLedgerTransfers':
      return command.keys;
  }
}

function create(
  view: View,
  command: CreateLedgerTransfer,
  context: DecideContext,
): DecisionOf<'CreateLedgerTransfer'> {
  const { amount, currency, description, from, livemode, managedBy, metadata, to } = command;
  if (from.ledger === to.ledger)
    return refused(withinLedger, `Both accounts are in the ledger ${to.ledger}.`, '/to/ledger');
  const managed =
    managedRefusal(ofLedger(managedBy.from), from.account, '/from/account') ??
    managedRefusal(ofLedger(managedBy.to), to.account, '/to/account');
  if (managed) return { kind: 'refused', refusal: managed };
  const account = accountOf(view, from.account);
  if (account === undefined) {
    const why = `there is no account ${from.account} in the ledger ${from.ledger}`;
    return refused(unknownAccount, why, '/from/account');
  }
  const side = normalDirection(account.type);
  const id = context.newId('lt', 0);
  const lines = leavingLines({ account: from.account, amount, currency, side });
  const facts = bookLines(
    withOpenTransit(view, side, currency),
    booking(lines, { id, description }, true),
    context,
  );
  if (isRefusal(facts)) return { kind: 'refused', refusal: { ...facts, param: fieldOf(facts.code) } };
  const transfer: LedgerTransferFacts = {
    ...{ amount, currency, description, from, id, livemode, metadata, side, to },
    attempt: 1,
    createdAt: context.now,
    ...{ failureCode: null, failureMessage: null },
    fromTransaction: facts.transaction.id,
    resumeAt: resumeAfter(context.now, 1),
    ...{ reversalTransaction: null, reversedAt: null, settledAt: null, toTransaction: null },
    status: 'pending',
  };
  return decided({ type: 'LedgerTransferCreated', data: { ...facts, transfer } });
}

const ofLedger = (managed: string | null): OfLedger => (managed === null ? {} : { managed });

type BookingCode = Extract<ReturnType<typeof bookLines>, { readonly code: string }>['code'];

/** The field that a refusal of the booking is about. */
function fieldOf(code: BookingCode): string {
  switch (code) {
    case 'unknown_account':
    case 'account_closed':
    case 'account_frozen':
      return '/from/account';
    case 'currency_mismatch':
      return '/currency';
    case 'insufficient_funds':
    case 'balance_above_maximum':
      return '/amount';
  }
}

function update(view: View, command: UpdateLedgerTransfer): DecisionOf<'UpdateLedgerTransfer'> {
  const before = ledgerTransferOf(view, command.transferId);
  if (before === undefined)
    return refused(ledgerTransferNotFound, `There is no transfer ${command.transferId}.`);
  const { description = before.description } = command;
  const merged = mergedMetadata(before.metadata, command.metadata);
  if ('refusal' in merged) return merged;
  const { metadata } = merged;
  const transfer = { ...before, description, metadata };
  const event = { type: 'LedgerTransferUpdated', data: { transfer } } as const;
  if (isSameJson(transfer, before)) return { kind: 'decided', events: [], answeredAs: [event] };
  return decided(event);
}

/** Those whose time has come, or whose process is gone, are told again. */
function resume(
  view: View,
  { isResumed = false, keys }: ResumeLedgerTransfers,
  { now }: DecideContext,
): DecisionOf<'ResumeLedgerTransfers'> {
  const begins = ledgerTransferKeys.ledger_transfer;
  return decided(
    ...keys.flatMap((key): readonly LedgerTransferEvent[] => {
      const before = key.startsWith(begins) ? ledgerTransferOf(view, key.slice(begins.length)) : undefined;
      if (before?.status !== 'pending' || (before.resumeAt > now && !isResumed)) return [];
      const attempt = before.attempt + 1;
      const transfer = { ...before, attempt, resumeAt: resumeAfter(now, attempt) };
      return [{ type: 'LedgerTransferResumed', data: { transfer } }];
    }),
  );
}
