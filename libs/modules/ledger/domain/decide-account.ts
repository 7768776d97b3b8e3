import { isRefusal, metadataKeysMax, refuse, scopeBeyondOwn } from '@fintech-ledger/contract';
import { accountOf, availableBalance, isAddress, postedBalance, sortedMetadata } from './account';
import type { AccountRecord, AccountTerms } from './account';
import type { AccountEvent } from './events';
import { accountManaged, isBelow, managedRefusal, reservedName } from './managed';
import { mergedMetadata } from './metadata';
import { transitTerms } from './transit-address';
import type { LedgerView } from './records';
import {
  accountExists,
  accountNotClosed,
  accountNotEmpty,
  accountNotFound,
  accountNotFrozen,
  accountNotOpen,
  invalidAddress,
} from './account-commands';
import type { accountCommandRefusals, AccountCommand, AmendAccount, OpenAccount } from './account-commands';
import { invalidCurrency } from './currency-refusals';
import { isUnitCode } from './directory/unit';
import { metadataRefusal } from './given-texts';
import { importedMetadataKeysMax } from './limits';
import type { Refusal, RefusalOf } from '@fintech-ledger/contract';
import { boundViolation, parseBounds } from './account-bounds';

type RefusalsOf<Type extends AccountCommand['type']> = RefusalOf<(typeof accountCommandRefusals)[Type]>;

/** That the currency is known and in force is checked where units are known, before. */
export function decideAccount(
  view: LedgerView,
  command: AccountCommand,
  now: string,
): AccountEvent | RefusalsOf<AccountCommand['type']> {
  const unfit = unfitMetadata(command);
  if (unfit) return unfit;
  if (!isAddress(command.address)) {
    return refuse(
      invalidAddress,
      'an address is 1 to 255 characters: segments of A-Z a-z 0-9 _ - with ":" between them',
      '/address',
    );
  }
  const managed = managedTerms(command);
  if (managed) return managed;
  const account = accountOf(view, command.address);
  if (command.type === 'OpenAccount') {
    if (!account) return open(command, now);
    return refuse(accountExists, `${account.address} is here already, and ${account.status}`, '/address');
  }
  if (!account) return refuse(accountNotFound, `there is no account ${command.address} in this ledger`);
  const changedTerm = command.mayChangeTerms === false ? termChangedBy(account, command) : undefined;
  if (changedTerm !== undefined) {
    return refuse(scopeBeyondOwn, `${changedTerm.says} needs the scope ledger:admin`, changedTerm.param, {
      missing_scope: 'ledger:admin',
    });
  }
  switch (command.type) {
    case 'AmendAccount':
      return amend(account, command);
    case 'FreezeAccount':
      return freeze(account);
    case 'UnfreezeAccount':
      return unfreeze(account);
    case 'CloseAccount':
      return close(account);
    case 'ReopenAccount':
      return reopen(account);
  }
}

function unfitMetadata(command: AccountCommand): Refusal<'invalid_metadata'> | undefined {
  if (command.type === 'OpenAccount') return metadataRefusal(command.metadata);
  if (command.type !== 'AmendAccount') return undefined;
  return metadataRefusal(command.metadata, command.isImport === true ? importedMetadataKeysMax : undefined);
}

/** Metadata may be changed by anybody. */
function managedTerms(command: AccountCommand): Refusal<'account_managed'> | undefined {
  const { address } = command;
  // A line of a file says both bounds, also where there are none.
  const isWithout = command.type === 'AmendAccount' && boundOf(command) === undefined;
  if (isAnnotation(command)) return undefined;
  if (command.type !== 'OpenAccount')
    return managedRefusal({ ...command, isImport: command.isImport === true && isWithout }, address);
  return managedRefusal(command, address, '/address') ?? otherTransitTerms(command);
}

/**
 * Books of the past may bring an account that was in transit, as the transfers open it: with other terms they could not
 * book on it, or it would count on the wrong side.
 */
function otherTransitTerms(command: OpenAccount): Refusal<'account_managed'> | undefined {
  const { accountType, address, currency } = command;
  if (!isBelow(reservedName, address)) return undefined;
  const terms = transitTerms(address);
  const no = (param: string, why: string): Refusal<'account_managed'> =>
    refuse(accountManaged, `${address} is managed by the module ${reservedName}: ${why}`, param, {
      account: address,
    });
  if (terms === undefined) return no('/address', 'there is no such account');
  if (accountType !== terms.type) return no('/type', `its type is ${terms.type}`);
  if (currency !== terms.currency) return no('/currency', `its currency is ${terms.currency}`);
  const bound = boundOf(command);
  return bound && no(bound, 'it has no bounds');
}

/** The first bound that a command sets. */
const boundOf = ({ maxBalance, minBalance }: Pick<OpenAccount, 'maxBalance' | 'minBalance'>) =>
  typeof minBalance === 'string'
    ? '/min_balance'
    : typeof maxBalance === 'string'
      ? '/max_balance'
      : undefined;

function isAnnotation(command: AccountCommand): command is AmendAccount {
  return (
    command.type === 'AmendAccount' && command.minBalance === undefined && command.maxBalance === undefined
  );
}

/** What of an account's terms a command would change: not metadata, and no bound that stays as it is. */
function termChangedBy(
  account: AccountRecord,
  command: Exclude<AccountCommand, OpenAccount>,
): { readonly says: string; readonly param?: string } | undefined {
  if (command.type !== 'AmendAccount') return { says: `${command.type} of ${account.address}` };
  const { minBalance, maxBalance } = command;
  if (minBalance !== undefined && minBalance !== text(account.minBalance)) {
    return { says: `changing min_balance of ${account.address}`, param: '/min_balance' };
  }
  return maxBalance !== undefined && maxBalance !== text(account.maxBalance)
    ? { says: `changing max_balance of ${account.address}`, param: '/max_balance' }
    : undefined;
}

/** Whether a command names nothing that it would change. What names something is a new version of the account, also where it was so already. */
export function asksForNothing(command: AccountCommand): boolean {
  if (!isAnnotation(command)) return false;
  const { metadata = {} } = command;
  return metadata !== null && Object.keys(metadata).length === 0;
}

function open(command: OpenAccount, now: string): AccountEvent | RefusalsOf<'OpenAccount'> {
  if (!isUnitCode(command.currency)) {
    return refuse(invalidCurrency, `${command.currency} is not the code of a currency or unit`, '/currency');
  }
  const bounds = parseBounds(command.minBalance ?? null, command.maxBalance ?? null);
  if (isRefusal(bounds)) return bounds;
  const violated = boundViolation({ available: 0n, posted: 0n }, bounds, command.address);
  if (violated) return violated;
  const terms: AccountTerms = {
    address: command.address,
    currency: command.currency,
    maxBalance: command.maxBalance ?? null,
    metadata: sortedMetadata(command.metadata),
    minBalance: command.minBalance ?? null,
    openedAt: now,
    status: 'open',
    type: command.accountType,
  };
  return { type: 'AccountOpened', data: { account: terms, version: 1 } };
}

function amend(account: AccountRecord, command: AmendAccount): AccountEvent | RefusalsOf<'AmendAccount'> {
  const bounds = parseBounds(
    command.minBalance === undefined ? text(account.minBalance) : command.minBalance,
    command.maxBalance === undefined ? text(account.maxBalance) : command.maxBalance,
  );
  if (isRefusal(bounds)) return bounds;
  // Only a bound that is being set is judged: an account already outside of one may still get new metadata. A line of
  // a file says both, whatever was set.
  const isSet = (given: string | null | undefined, to: bigint | null, was: bigint | null): boolean =>
    given !== undefined && (command.isImport !== true || to !== was);
  const violated = boundViolation(
    { available: availableBalance(account.type, account), posted: postedBalance(account.type, account) },
    {
      min: isSet(command.minBalance, bounds.min, account.minBalance) ? bounds.min : null,
      max: isSet(command.maxBalance, bounds.max, account.maxBalance) ? bounds.max : null,
    },
    account.address,
  );
  if (violated) return violated;
  // A line of a file adds first and removes then, and books of the past may have more.
  const keysMax = command.isImport === true ? 2 * importedMetadataKeysMax : metadataKeysMax;
  const merged = mergedMetadata(account.metadata, command.metadata, keysMax);
  if ('refusal' in merged) return merged.refusal;
  return {
    type: 'AccountAmended',
    data: changed(account, {
      minBalance: text(bounds.min),
      maxBalance: text(bounds.max),
      metadata: merged.metadata,
    }),
  };
}

function freeze(account: AccountRecord): AccountEvent | RefusalsOf<'FreezeAccount'> {
  return account.status === 'open'
    ? { type: 'AccountFrozen', data: changed(account, { status: 'frozen' }) }
    : refuse(accountNotOpen, `${account.address} is ${account.status}; only an open account can be frozen`);
}

function unfreeze(account: AccountRecord): AccountEvent | RefusalsOf<'UnfreezeAccount'> {
  return account.status === 'frozen'
    ? { type: 'AccountUnfrozen', data: changed(account, { status: 'open' }) }
    : refuse(accountNotFrozen, `${account.address} is ${account.status}, not frozen`);
}

function reopen(account: AccountRecord): AccountEvent | RefusalsOf<'ReopenAccount'> {
  return account.status === 'closed'
    ? { type: 'AccountReopened', data: changed(account, { status: 'open' }) }
    : refuse(accountNotClosed, `${account.address} is ${account.status}, not closed`);
}

function close(account: AccountRecord): AccountEvent | RefusalsOf<'CloseAccount'> {
  if (account.status === 'closed') return refuse(accountNotOpen, `${account.address} is closed already`);
  const posted = postedBalance(account.type, account);
  if (posted !== 0n || account.pendingDebits !== 0n || account.pendingCredits !== 0n) {
    return refuse(
      accountNotEmpty,
      `${account.address} has ${posted} posted, ${account.pendingDebits} pending debits and ${account.pendingCredits} pending credits; closing wants all zero`,
    );
  }
  return { type: 'AccountClosed', data: changed(account, { status: 'closed' }) };
}

function changed(
  account: AccountRecord,
  changes: Partial<AccountTerms>,
): { account: AccountTerms; version: number } {
  return { account: { ...termsOf(account), ...changes }, version: account.version + 1 };
}

/** An account's terms as events carry them. */
export function termsOf(account: AccountRecord): AccountTerms {
  return {
    address: account.address,
    currency: account.currency,
    maxBalance: text(account.maxBalance),
    metadata: account.metadata,
    minBalance: text(account.minBalance),
    openedAt: account.openedAt,
    status: account.status,
    type: account.type,
  };
}

const text = (bound: bigint | null): string | null => (bound === null ? null : String(bound));
