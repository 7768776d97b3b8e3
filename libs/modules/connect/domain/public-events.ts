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
const nobody = {
  bank_accounts: [],
  email: null,
  individual: { first_name: null, last_name: null, birth_date: null, address: null },
} as const;

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
  ConnectedAccountErased: [
    told(
      'connected_account.erased',
      'What is personal of a connected account was erased: earlier events show null there too.',
      { ...nobody, status: 'closed', closed_at: at, erased_at: at },
    ),
  ],
});
