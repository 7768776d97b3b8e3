import { connectedAccountKey, connectedAccountKeys } from '@fintech-ledger/payments/domain';
import type { ConnectedAccountFacts } from './facts';

export interface ConnectRecord {
  readonly kind: 'connected_account';
  readonly account: ConnectedAccountFacts;
}

/** Payments read it by this key. */
export { connectedAccountKeys as connectRecordKeys, connectedAccountKey };

/** Read access to a journal's state, in which others have records too. */
export interface ConnectView {
  get(key: string): { readonly kind: string } | undefined;
}
export function connectedAccountOf(view: ConnectView, id: string): ConnectedAccountFacts | undefined {
  const record = view.get(connectedAccountKey(id));
  return record?.kind === 'connected_account' ? (record as ConnectRecord).account : undefined;
}
