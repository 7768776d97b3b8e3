export { bankChargeAccounts, bankChargeKinds } from './bank-charge-bookings';
export type { BankChargeKind } from './bank-charge-bookings';
export { bankCharged } from './bank-charges';
