/** Minor units, by the day of a payment and the first run at which they are available. */
export type YoungSlots = Readonly<Record<string, string>>;
/** What is held of what becomes available, by the first run at which it is and the first one after its release. */
export type YoungHolds = Readonly<Record<string, string>>;
/** What an owner has of a currency that a schedule may have to leave for the delay of its payment. */
export interface YoungMoneyRecord {
  readonly kind: 'youngMoney';
  readonly slots: YoungSlots;
  /** Of a connected account with a reserve. */
  readonly held?: YoungHolds;
}
