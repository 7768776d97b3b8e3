import { BrokenInvariant } from '@fintech-ledger/contract';
import type { PaymentFacts } from '../facts';
import {
  accountSettlementKey,
  accountSettlementOf,
  currenciesOf,
  nettingKey,
  nettingOf,
  ownerKey,
  ownerRecordOf,
  transferKey,
  transferOf,
} from '../records';
import type { PaymentsRecord, PaymentsView } from '../records';
import type { AccountSettlementFacts, TransferEvent } from './transfer-events';
import type { TransferFacts } from './transfer-facts';

interface Change {
  readonly key: string;
  readonly record: PaymentsRecord;
}

/** What an event changes besides its payment. @throws BrokenInvariant when it contradicts the state */
export function evolveTransfer(view: PaymentsView, event: TransferEvent): readonly Change[] {
  switch (event.type) {
    case 'TransferCreated':
    case 'PaymentTransferCreated': {
      const { data } = event;
      const { transfer } = data;
      if (transferOf(view, transfer.id) !== undefined)
        throw new BrokenInvariant(`${transfer.id} is made twice`);
      const source = 'payment' in data ? data.payment : undefined;
      return [
        changed(transfer),
        ...withCurrency(view, transfer),
        ...pendingChange(view, transfer, source, BigInt(transfer.pending)),
      ];
    }
    case 'TransferUpdated':
      before(view, transfer(event));
      return [changed(event.data.transfer)];
    case 'TransferReversed':
    case 'PaymentTransferReversed': {
      const { data } = event;
      before(view, data.transfer);
      const source = 'payment' in data ? data.payment : undefined;
      const less = -BigInt(data.reversal.fromPending);
      return [changed(data.transfer), ...pendingChange(view, data.transfer, source, less)];
    }
    case 'AccountSettled':
      return settled(view, event.data.settlement);
  }
}

const transfer = ({ data }: Extract<TransferEvent, { readonly type: 'TransferUpdated' }>): TransferFacts =>
  data.transfer;

const changed = (one: TransferFacts): Change => ({
  key: transferKey(one.id),
  record: { kind: 'transfer', transfer: one },
});

function before(view: PaymentsView, { id }: TransferFacts): void {
  if (transferOf(view, id) === undefined) throw new BrokenInvariant(`there is no transfer ${id}`);
}

/** The account has money in one currency more. */
function withCurrency(view: PaymentsView, { currency, destination }: TransferFacts): readonly Change[] {
  const known = currenciesOf(view, destination);
  if (known.includes(currency)) return [];
  const record = { ...ownerRecordOf(view, destination), currencies: [...known, currency] };
  return [{ key: ownerKey(destination), record }];
}

/**
 * What becomes available of the account, when this much more or less is pending of it. It is open though it comes to
 * nothing: the lines of the transfer, and of what went back of it, are pending until it is settled or closed.
 */
function pendingChange(
  view: PaymentsView,
  { destination: account }: TransferFacts,
  source: PaymentFacts | undefined,
  more: bigint,
): readonly Change[] {
  const { attempt = null, availableOn = null, currency = '' } = source ?? {};
  if (more === 0n || attempt === null || availableOn === null) return [];
  const { rail } = attempt;
  const key = accountSettlementKey(account, rail, currency, availableOn);
  const known = accountSettlementOf(view, key);
  const amount = String(BigInt(known?.amount ?? '0') + more);
  const captured = known?.captured === undefined ? {} : { captured: known.captured };
  const of = { ...captured, account, amount, availableOn, currency, isOpen: true, rail } as const;
  return [{ key, record: { kind: 'accountSettlement', ...of } }];
}

function settled(view: PaymentsView, settlement: AccountSettlementFacts): readonly Change[] {
  const { account, amount, availableOn, currency, kept, rail } = settlement;
  const key = accountSettlementKey(account, rail, currency, availableOn);
  const known = accountSettlementOf(view, key);
  if (known?.amount !== amount)
    throw new BrokenInvariant(`${rail} settles ${amount} ${currency} of ${account}, of ${availableOn}`);
  const left = nettingOf(view, rail, currency) - BigInt(kept);
  const { captured: _captured, isOpen: _isOpen, ...over } = known;
  return [
    { key, record: { ...over, amount: '0' } },
    { key: nettingKey(rail, currency), record: { kind: 'netting', amount: String(left) } },
  ];
}
