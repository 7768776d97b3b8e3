import type { AccountTerms, AccountType, Metadata } from '@fintech-ledger/ledger/domain';
import { addressesOf } from './address';
import { earlierImportKey, earlierKeyOf, importKey, importOrigin } from './content-key';
import type { ImportKey } from './content-key';
import { unitCode } from './unit-codes';

/** The metadata in which an account says how its source called it, where its address and currency don't say so already. */
export const sourceAccountKey = 'source_account';
export const sourceUnitKey = 'source_unit';

export interface SourceAccount {
  readonly name: string;
  /** Where it is here, if the source says so: exports do. */
  readonly address: string | null;
  readonly type: AccountType;
  /** The unit as the source writes it, and its code. */
  readonly unit: string;
  readonly code: string;
}

/** What an account keeps of its source. It is only shown: see `openedAs` for what an export goes by. */
export function sourceMetadata(
  address: string,
  { name, unit, code }: Omit<SourceAccount, 'address' | 'type'>,
): Metadata {
  return {
    ...(name === address ? {} : { [sourceAccountKey]: name }),
    ...(unit === code ? {} : { [sourceUnitKey]: unit }),
  };
}

/** The key under which an import of CSV opens an account. */
export function accountKey(address: string, account: Omit<SourceAccount, 'address'>): ImportKey {
  const { name, type, code } = account;
  return {
    key: importKey(JSON.stringify(['account', address, name, type, code])),
    earlier: [earlierAccountKey(address, type, code, sourceMetadata(address, account))],
  };
}

function earlierAccountKey(address: string, type: AccountType, code: string, metadata: Metadata): string {
  return earlierImportKey(JSON.stringify(['account', address, type, code, metadata]));
}

/**
 * How the source of an account and of its unit was called. Clients write metadata too, so it counts only when the idempotency key of the
 * opening proves that an import of CSV wrote it, or when an import of an export wrote it and the address and the currency are those that
 * an import of CSV would have given.
 */
export function openedAs(
  { address, type, currency, metadata }: AccountTerms,
  opening: { readonly idempotencyKey?: string; readonly requestHash?: string },
): { readonly account: string; readonly unit: string } {
  const said = { name: metadata[sourceAccountKey] ?? address, unit: metadata[sourceUnitKey] ?? currency };
  const own = { account: address, unit: currency };
  const origin = importOrigin(opening.idempotencyKey, opening.requestHash);
  if (origin === 'other') return own;
  const ofName = addressesOf({ address: null, name: said.name, code: currency });
  if (said.name !== address && !ofName.includes(address)) return own;
  const { key } = accountKey(address, { name: said.name, type, code: currency, unit: said.unit });
  const earlier = earlierAccountKey(address, type, currency, metadata);
  // The key alone would not do: clients could use such a one. The hash of what was asked for is the server's.
  const isProven =
    opening.idempotencyKey === key ||
    (opening.idempotencyKey === earlier && earlier === earlierKeyOf(opening.requestHash));
  const isUnit = isProven || unitCode(said.unit) === currency;
  return { account: said.name, unit: isUnit ? said.unit : currency };
}
