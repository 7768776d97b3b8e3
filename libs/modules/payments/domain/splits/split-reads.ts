import { readsOfLines } from '@fintech-ledger/ledger/domain';
import { ownerAccount, platformOwner } from '../chart';
import { connectedAccountKey } from '../connected-accounts';
import {
  accountSettlementKey,
  createdRevisionOf,
  disputeKey,
  ownerKey,
  paymentKey,
  paymentOf,
  settlementKey,
  splitKey,
} from '../records';
import type { PaymentsView } from '../records';
import { accountsOf } from './make-split';
import type { Asked } from './plan-split';
import type { SplitCommand } from './split-commands';
import { splitRuleAt, splitRuleReads } from './split-rules';

/** Keys of the records that planning a split reads, as far as the view tells. @param revision see `planOf` */
export function planReads(view: PaymentsView, asked: Asked, revision: number): readonly string[] {
  const { parties = [], splitRule: id } = asked;
  const ofRule = id === undefined ? undefined : splitRuleAt(view, id, revision)?.parties;
  const accounts = accountsOf(ofRule ?? parties);
  return [
    ...(id === undefined ? [] : splitRuleReads(view, id, revision)),
    ...accounts.flatMap((account) => [connectedAccountKey(account), ownerKey(account)]),
  ];
}

/** Keys of the records that deciding a command reads, as far as the view tells. */
export function splitReads(command: SplitCommand, view: PaymentsView): readonly string[] {
  if (command.type === 'UpdateSplit') return [splitKey(command.splitId)];
  if (command.type === 'ReverseSplit') return [splitKey(command.splitId), disputeKey(command.dispute)];
  const revision = createdRevisionOf(view, command.payment);
  const keys = [paymentKey(command.payment), ...planReads(view, command, revision)];
  const { attempt = null, availableOn = null, currency } = paymentOf(view, command.payment) ?? {};
  if (currency === undefined || attempt === null || availableOn === null) return keys;
  const { rail } = attempt;
  const { parties = [], splitRule: id } = command;
  const accounts = accountsOf((id === undefined ? parties : splitRuleAt(view, id, revision)?.parties) ?? []);
  const books = [platformOwner, ...accounts].flatMap((owner) =>
    (['available', 'pending'] as const).map((bucket) => ownerAccount(owner, bucket, currency)),
  );
  return [
    ...keys,
    settlementKey(rail, currency, availableOn),
    ...accounts.map((account) => accountSettlementKey(account, rail, currency, availableOn)),
    ...readsOfLines(books),
  ];
}
