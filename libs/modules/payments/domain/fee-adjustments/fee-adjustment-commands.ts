import type { RailLineKind } from './fee-adjustment-facts';

/** The installation's own: the fee that a rail reports of something that it has settled. */
export interface AdjustFee {
  readonly type: 'AdjustFee';
  /** Minor units; below zero: the rail gives something back. */
  readonly fee: string;
  readonly kind: RailLineKind;
  /** The payment, refund or dispute. */
  readonly object: string;
  readonly rail: string;
  readonly railReference: string;
}
