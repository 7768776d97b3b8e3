import {
  accountAsJson,
  accountFromJson,
  answeredBy,
  availableBalance,
  detailFields,
  postedBalance,
  bulkRefusals,
  changesNothing,
  capturedHold,
  costOf,
  decide,
  decideInSteps,
  effectiveAtOf,
  endOf,
  evolve,
  firstSnapshot,
  ledgerEvents,
  movesMoney,
  readsOf,
  recordFrom,
  sortedMetadata,
  totalsFrom,
} from '@fintech-ledger/ledger/domain';
import type {
  BookedEntry,
  HoldPlaced,
  TransactionPosted,
  AccountEvent,
  LedgerCommand,
  LedgerEvent,
  LedgerRecord,
  MoneyEvent,
  PeriodClosed,
  TransactionDetails,
  TransactionSnapshot,
} from '@fintech-ledger/ledger/domain';
import { refusalStatuses } from '@fintech-ledger/contract';
import type { Refusal } from '@fintech-ledger/contract';
import { revisionInId, streamOwner } from '@fintech-ledger/envelope';
import type { AnswerRequest, JoinableDomain } from '@fintech-ledger/journal';
import { accountAfter } from '../accounts/account-view';
import type { TransactionAnswer } from '../views/transaction';
import { periodCloseView } from '../periods/period-close-view';
import { ledgerNames } from './ledger-names';
import { balancesAfter, transactionView } from './transaction-view';

/** A ledger's journal stream as the writer runs it. Parts of other modules may join it. */
export const ledgerDomain: JoinableDomain<LedgerCommand, LedgerEvent, LedgerRecord> = {
  ...ledgerNames,
  events: ledgerEvents,
  reads: readsOf,
  decide,
  decideInSteps,
  costOf,
  effectiveAt: effectiveAtOf,
  evolve,
  revisionOf: (key, stream) => (key.startsWith('t:') ? revisionInId(key.slice(2), stream) : undefined),
  recordFrom,
  encode(record) {
    if (record.kind !== 'account') return { text: JSON.stringify(record) };
    return {
      text: JSON.stringify(accountAsJson(record)),
      columns: {
        currency: record.currency,
        debits: record.postedDebits + record.pendingDebits,
        credits: record.postedCredits + record.pendingCredits,
      },
    };
  },
  decode(_key, text) {
    const record = JSON.parse(text) as LedgerRecord;
    return record.kind === 'account' ? accountFromJson(record) : record;
  },
  dueAt: (record) =>
    record.kind === 'transaction' && record.snapshot.status === 'pending'
      ? (endOf(record.snapshot) ?? undefined)
      : undefined,
  dueCommand: (keys) => ({ type: 'ExpireHolds', transactionIds: keys.map((key) => key.slice(2)) }),
  items: {
    count: (command) =>
      command.type === 'PostTransactions' && !command.atomic ? command.transactions.length : undefined,
    from: (command, index) =>
      command.type === 'PostTransactions'
        ? { ...command, transactions: command.transactions.slice(index), before: index }
        : command,
    refused: (part) => ({ type: 'TransactionsRefused', data: part }),
    join: joinBulkAnswers,
  },
  unchanged: {
    event: (answered) => ({ type: 'NothingChanged', data: { answered } }),
    answered: answeredBy,
  },
  answer: answerTo,
};

/**
 * The answer to a command, from its events alone: a retry gets the same bytes as the first caller, for ever. What is
 * rendered for an event type and version must therefore never change.
 */
export function answerTo(request: AnswerRequest<LedgerCommand, LedgerEvent>): string {
  const { command, events } = request;
  if (command.type === 'PostTransactions') return bulkAnswer(request);
  const [event] = events;
  if (event?.type === 'PeriodClosed') return closeAnswer(event.data, request);
  if (!event || changesNothing(event))
    return JSON.stringify({ position: position(request.stream, request.revision) });
  return eventAnswer(event, request.stream, request.revision, request.dryRun);
}

function closeAnswer(
  close: PeriodClosed['data'],
  { stream, revision, dryRun }: AnswerRequest<LedgerCommand, LedgerEvent>,
): string {
  const at = position(stream, revision);
  return JSON.stringify({ ...periodCloseView(close), position: at, ...(dryRun ? { dry_run: true } : {}) });
}

function bulkAnswer({
  events,
  refusedItems,
  stream,
  revision,
  dryRun,
}: AnswerRequest<LedgerCommand, LedgerEvent>): string {
  const refused = new Map(refusedItems.map(({ index, refusal }) => [index, refusal]));
  const booked = events.filter((event) => movesMoney(event));
  // A dry run's events have no revisions: each is answered at the one that all were judged at.
  const first = dryRun ? revision : revision - booked.length + 1;
  const data: string[] = [];
  let taken = 0;
  for (let index = 0; index < booked.length + refused.size; index += 1) {
    const refusal = refused.get(index);
    const event = refusal ? undefined : booked[taken];
    if (refusal) data.push(refusedItem(refusal));
    if (!event) continue;
    data.push(eventAnswer(event, stream, dryRun ? revision : first + taken, false));
    taken += 1;
  }
  return `{"data":[${data.join(',')}],"position":"${position(stream, revision)}"${dryRun ? ',"dry_run":true' : ''}}`;
}

/** The answer to a bulk that was stored in parts, of the answers to them. */
export function joinBulkAnswers(parts: readonly string[], lastBooked: number): string {
  const start = '{"data":[';
  const end = '],"position":"';
  const data = parts
    .map((part) => part.slice(start.length, part.lastIndexOf(end)))
    .filter((items) => items !== '');
  const last = parts[lastBooked] ?? '';
  return `${start}${data.join(',')}${last.slice(last.lastIndexOf(end))}`;
}

const statuses = new Map<string, number>(bulkRefusals.map(({ code, kind }) => [code, refusalStatuses[kind]]));

function refusedItem({ code, detail, param, meta }: Refusal): string {
  const problem = {
    object: 'error',
    status: statuses.get(code) ?? refusalStatuses.rule,
    code,
    detail,
    param,
  };
  return JSON.stringify({ ...problem, ...sortedMetadata(meta ?? {}) });
}

function eventAnswer(
  event: MoneyEvent | AccountEvent,
  stream: string,
  revision: number,
  dryRun: boolean,
): string {
  const at = position(stream, revision);
  if (event.type === 'TransactionPosted' || event.type === 'HoldPlaced')
    return firstAnswerText(event, at, dryRun);
  const view = movesMoney(event) ? transactionAnswer(event) : accountAfter(event.data);
  return JSON.stringify({ ...view, position: at, ...(dryRun ? { dry_run: true } : {}) });
}

function transactionAnswer(event: MoneyEvent): Omit<TransactionAnswer, 'position'> {
  const view = transactionView(answeredTransaction(event));
  return { ...view, balances: balancesAfter(event.data.entries) };
}

/** Of a capture, the lines that its event tells. */
function answeredTransaction(event: MoneyEvent): TransactionSnapshot {
  if (event.type === 'HoldCaptured') return capturedHold(event.data);
  const { entries, transaction } = event.data;
  return 'lines' in transaction ? transaction : firstSnapshot(transaction, entries);
}

function position(stream: string, revision: number): string {
  return `${streamOwner(stream)}@${revision}`;
}

/**
 * The answer to what is posted or held, as the text of `{...transactionView(...), balances, position}`. Written out as
 * a text because it is what nearly every request is answered with: building the objects and then their JSON takes three
 * times as long. Addresses, currencies, amounts and times have no characters that JSON escapes.
 */
export function firstAnswerText(
  event: TransactionPosted | HoldPlaced,
  position: string,
  dryRun: boolean,
): string {
  const { entries, transaction } = event.data;
  const isHold = event.type === 'HoldPlaced';
  let lines = '';
  for (const { account, amount, currency, direction } of entries) {
    lines +=
      `${lines === '' ? '' : ','}{"account":"${account}","direction":"${direction}","amount":"${amount}","currency":"${currency}",` +
      `"held":"${isHold ? amount : '0'}","captured":"${isHold ? '0' : amount}","reversed":"0"}`;
  }
  return (
    `{"id":"${transaction.id}","object":"transaction","status":"${transaction.status}","is_hold":${isHold},"entries":[${lines}],` +
    detailsText(transaction) +
    `"effective_at":"${transaction.effectiveAt}","recorded_at":"${transaction.recordedAt}",` +
    `"expires_at":${JSON.stringify(transaction.expiresAt)},"reverses":${JSON.stringify(transaction.reverses)},"reversed_by":[],` +
    `"metadata":${JSON.stringify(transaction.metadata)},"balances":{${balancesText(entries)}},"position":"${position}"${dryRun ? ',"dry_run":true' : ''}}`
  );
}

function detailsText(transaction: TransactionDetails): string {
  let text = '';
  for (const { name, field } of detailFields) {
    const detail: string | null | undefined = transaction[name];
    if (detail !== undefined) text += `"${field}":${JSON.stringify(detail)},`;
  }
  return text;
}

function balancesText(entries: readonly BookedEntry[]): string {
  // The last entry of an account has its balance after all of them.
  const last = new Map<string, BookedEntry>();
  for (const entry of entries) last.set(entry.account, entry);
  let balances = '';
  for (const { account, accountType, after, currency } of last.values()) {
    const totals = totalsFrom(after);
    balances +=
      `${balances === '' ? '' : ','}"${account}":{"currency":"${currency}","posted":{"debits":"${after.postedDebits}",` +
      `"credits":"${after.postedCredits}","balance":"${postedBalance(accountType, totals)}"},"pending":{"debits":"${after.pendingDebits}",` +
      `"credits":"${after.pendingCredits}"},"available":"${availableBalance(accountType, totals)}","version":${after.version}}`;
  }
  return balances;
}
