import { refused } from '@fintech-ledger/contract';
import type { PartDecision } from '@fintech-ledger/contract';
import type { ConnectEvent } from './events';
import type { ConnectedAccountFacts } from './facts';
import { accountUnexpectedState } from './refusals';
import { currentlyDue } from './requirements';

/** Of a live account: all that it has given by now is verified. */
export function verify(
  account: ConnectedAccountFacts,
  now: string,
): PartDecision<ConnectEvent, typeof accountUnexpectedState.code> {
  const why = whyNot(account);
  if (why !== undefined) return refused(accountUnexpectedState, `Connected account ${account.id} ${why}.`);
  const connectedAccount = { ...account, verifiedAt: now };
  return { kind: 'decided', events: [{ type: 'ConnectedAccountVerified', data: { connectedAccount } }] };
}

function whyNot(account: ConnectedAccountFacts): string | undefined {
  if (!account.livemode) return 'is of a sandbox, where what is given is verified at once';
  const due = currentlyDue(account);
  if (due.length > 0) return `has to give ${due.join(', ')} first`;
  return account.verifiedAt === undefined ? undefined : 'is verified already';
}

/** What is given after it was verified is to be verified, too: else an account that nobody has seen could be paid. */
export function unverified({
  verifiedAt: _verifiedAt,
  ...account
}: ConnectedAccountFacts): ConnectedAccountFacts {
  return account;
}
