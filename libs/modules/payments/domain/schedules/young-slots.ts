import { recordKeys } from '../records';
import type { PaymentsView } from '../records';
import type { YoungMoneyRecord, YoungSlots } from './young-record';

/** @param owner the platform, or a connected account by its id */
export const youngMoneyKey = (owner: string, currency: string): string =>
  `${recordKeys.youngMoney}${owner}:${currency}`;

const none: YoungMoneyRecord = { kind: 'youngMoney', slots: {} };
export function youngMoneyOf(view: PaymentsView, owner: string, currency: string): YoungMoneyRecord {
  const record = view.get(youngMoneyKey(owner, currency));
  return record?.kind === 'youngMoney' ? (record as YoungMoneyRecord) : none;
}
export const youngSlotsOf = (view: PaymentsView, owner: string, currency: string): YoungSlots =>
  youngMoneyOf(view, owner, currency).slots;
