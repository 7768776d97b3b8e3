/** What of a connected account is held until one moment. */
export interface ReserveRecord {
  readonly kind: 'reserve';
  readonly account: string;
  /** Minor units; zero: it is released. */
  readonly amount: string;
  readonly currency: string;
  readonly livemode: boolean;
  readonly releaseOn: string;
}
