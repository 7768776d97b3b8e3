import { ApiProblem } from '@fintech-ledger/http';
import type { ApiRequest } from '@fintech-ledger/http';
import { connectedAccountNotFound, fieldNotSupported } from '@fintech-ledger/payments/domain';
import { Refused } from '@fintech-ledger/projection-runtime';

/** What operations may be refused with that do not act as a connected account yet. */
export const actsAlone = [fieldNotSupported] as const;
/** What operations may be refused with that act as a connected account. */
export const actsAsAccount = [connectedAccountNotFound] as const;

/** The name under which connected accounts are provided. */
export const connectedAccountsPort = Symbol('ConnectedAccounts');

/** What is asked of connected accounts, which another module keeps. */
export interface ConnectedAccounts {
  /** At the moment that the request asks for. @throws Refused `connected_account_not_found` */
  defaultCurrency(request: ApiRequest, id: string): Promise<string>;
}

/** Who a request acts as. */
export interface Owner {
  readonly id: string;
  /** In which nothing is shown before any money. */
  readonly defaultCurrency: string;
}
export const platform: Owner = { id: 'platform', defaultCurrency: 'USD' };

/**
 * The connected account that a request acts as; without the header the platform.
 * @throws ApiProblem `connected_account_not_found`
 */
export async function ownerOf(request: ApiRequest, accounts: ConnectedAccounts): Promise<Owner> {
  const { actsAs: id } = actingIn(request);
  return id === undefined
    ? platform
    : { id, defaultCurrency: await defaultCurrencyOf(request, id, accounts) };
}

/** Whom a request acts as, by the header; absent: all of the environment. */
export interface Acting {
  readonly actsAs?: string;
}

/**
 * Whom a request acts as, which its command or its query is to judge.
 * @throws ApiProblem `connected_account_not_found`
 */
export function actingIn({ headers }: Pick<ApiRequest, 'headers'>): Acting {
  const id = headers['connected-account'];
  if (id === undefined) return {};
  if (typeof id === 'string' && /^acct_[A-Za-z0-9]{1,64}$/.test(id)) return { actsAs: id };
  throw unknownAccount();
}

const unknownAccount = (): ApiProblem =>
  new ApiProblem(connectedAccountNotFound, 'There is no such connected account.', {
    param: '/Connected-Account',
  });

/** The same of a query. @throws ApiProblem `connected_account_not_found` */
export async function actingOf(request: ApiRequest, accounts: ConnectedAccounts): Promise<Acting> {
  const acting = actingIn(request);
  if (acting.actsAs !== undefined) await defaultCurrencyOf(request, acting.actsAs, accounts);
  return acting;
}

/** What is refused names the header, not the account of a path. */
async function defaultCurrencyOf(
  request: ApiRequest,
  id: string,
  accounts: ConnectedAccounts,
): Promise<string> {
  try {
    return await accounts.defaultCurrency(request, id);
  } catch (error) {
    if (error instanceof Refused && error.refusal.code === connectedAccountNotFound.code)
      throw unknownAccount();
    throw error;
  }
}

/**
 * Acting for a connected account must not be taken for acting for the platform.
 * @throws ApiProblem `field_not_supported`
 */
export function refuseConnectedAccount({ headers }: Pick<ApiRequest, 'headers'>): void {
  if (headers['connected-account'] === undefined) return;
  const detail =
    'This operation does not act as a connected account: leave the header Connected-Account out.';
  throw new ApiProblem(fieldNotSupported, detail, { param: '/Connected-Account' });
}
