import { BrokenInvariant } from '@fintech-ledger/contract';
import type { ConnectEvent } from './events';
import type { ConnectedAccountFacts } from './facts';
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
  if (isNew ? known !== undefined : !mayFollow(type, known))
    throw new BrokenInvariant(`${type} of ${account.id}`);
  return [{ key: connectedAccountKey(account.id), record: { kind: 'connected_account', account } }];
}

/** Nothing follows a closing but an erasure, once. */
function mayFollow(type: ConnectEvent['type'], known: ConnectedAccountFacts | undefined): boolean {
  if (known === undefined) return false;
  const isClosed = known.status === 'closed';
  return type === 'ConnectedAccountErased' ? isClosed && known.erasedAt === undefined : !isClosed;
}
