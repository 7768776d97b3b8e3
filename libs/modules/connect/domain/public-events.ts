import { publicEvent, publicEvents } from '@fintech-ledger/shapes';
import type { PublicEventType } from '@fintech-ledger/shapes';
import { connectEvents } from './events';
import type { ConnectedAccountFacts } from './facts';
import { showConnectedAccount } from './show';
import { connectedAccountShape } from './views';
import type { ConnectedAccountView } from './views';

interface OfAccount {
  readonly connectedAccount: ConnectedAccountFacts;
}
function told(
  name: string,
  description: string,
  shows: Partial<ConnectedAccountView> = {},
): PublicEventType<OfAccount> {
  return publicEvent<OfAccount, ConnectedAccountView>({
    name,
    description,
    object: connectedAccountShape,
    shows,
    idsOf: ({ connectedAccount }) => [connectedAccount.id],
    objectOf: ({ connectedAccount }) => showConnectedAccount(connectedAccount),
  });
}
const updated = told(
  'connected_account.updated',
  'A connected account was changed, gave what it had to, was verified, or may be used again.',
);
const at = '2026-01-31T12:00:00.000Z';

/** What the journal of a payments ledger tells clients of connected accounts. */
export const connectPublicEvents = publicEvents(connectEvents, {
  ConnectedAccountCreated: [told('connected_account.created', 'A connected account was made.')],
  ConnectedAccountUpdated: [updated],
  ConnectedAccountSuspended: [
    told('connected_account.suspended', 'A connected account was suspended.', {
      status: 'suspended',
      suspended_at: at,
    }),
  ],
  ConnectedAccountReinstated: [updated],
  ConnectedAccountVerified: [updated],
  ConnectedAccountClosed: [
    told('connected_account.closed', 'A connected account was closed.', { status: 'closed', closed_at: at }),
  ],
});
