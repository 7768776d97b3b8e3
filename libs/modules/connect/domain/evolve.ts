import { BrokenInvariant } from '@fintech-ledger/contract';
import type { ConnectEvent } from './events';
import { connectedAccountKey, connectedAccountOf } from './records';
import type { ConnectRecord, ConnectView } from './records';

export interface ConnectChange {
  readonly key: string;
  readonly record: ConnectRecord;
}

/** The records that an event changes. @throws BrokenInvariant when it contradicts the state */
export function evolveConnect(view: ConnectView, event: ConnectEvent): readonly ConnectChange[] {
  const {
    type,
    data: { connectedAccount: account },
  } = event;
  const known = connectedAccountOf(view, account.id);
  const isNew = type === 'ConnectedAccountCreated';
  if (isNew ? known !== undefined : known === undefined || known.status === 'closed')
    throw new BrokenInvariant(`${type} of ${account.id}`);
  return [{ key: connectedAccountKey(account.id), record: { kind: 'connected_account', account } }];
}
