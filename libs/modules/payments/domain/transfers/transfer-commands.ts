/* What is asked of transfers. Amounts: minor units as a text. */

export interface CreateTransfer {
  readonly type: 'CreateTransfer';
  readonly amount: string;
  readonly currency: string;
  readonly description: string | null;
  readonly destination: string;
  readonly livemode: boolean;
  readonly metadata: Readonly<Record<string, string>>;
  /** Null: it is of what is available. */
  readonly sourcePayment: string | null;
  readonly transferGroup: string | null;
}
interface OfTransfer {
  readonly transferId: string;
}
/** What is absent stays. */
export interface UpdateTransfer extends OfTransfer {
  readonly type: 'UpdateTransfer';
  readonly description?: string | null;
  /** Null: all of it goes; null for a key: that one. */
  readonly metadata?: Readonly<Record<string, string | null>> | null;
}
export interface ReverseTransfer extends OfTransfer {
  readonly type: 'ReverseTransfer';
  /** Absent: all that is left. */
  readonly amount?: string;
}
export type TransferCommand = CreateTransfer | UpdateTransfer | ReverseTransfer;
