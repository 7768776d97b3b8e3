import { refusal, refuse } from '@fintech-ledger/contract';
import type { Refusal } from '@fintech-ledger/contract';

export const accountManaged = refusal(
  'account_managed',
  'rule',
  'The account is below the name of the module that manages the ledger, or in transit between ledgers: ' +
    'only that module opens it, books on it and changes its terms.',
);

/** What a command says of its ledger. */
export interface OfLedger {
  /** The module that manages it, when one does: clients don't touch the accounts below its name. */
  readonly managed?: string;
  /** Books of the past are imported: what was in transit in another ledger is an account like any other here. */
  readonly isImport?: boolean;
  /** Of a hold in such books: a capture or a release of it comes, so that it has to be open then. */
  readonly isFollowed?: boolean;
}

/** What is below it is in transit between ledgers: in every ledger, whoever manages it. */
export const reservedName = 'ledger-transfers';

/** Whether an account is one of those that a module manages. */
export function isBelow(module: string, address: string): boolean {
  return address.startsWith(module) && address[module.length] === ':';
}

/**
 * Why a client's command may not touch an account. Its address alone decides, whether there is such an account yet or
 * not.
 * @param param the pointer to what names it
 */
export function managedRefusal(
  { managed, isImport = false }: OfLedger,
  address: string,
  param?: string,
): Refusal<'account_managed'> | undefined {
  const isManaged = managed !== undefined && isBelow(managed, address);
  if (!isManaged && (isImport || !isBelow(reservedName, address))) return undefined;
  const detail = `${address} is managed by the module ${isManaged ? managed : reservedName}`;
  return refuse(accountManaged, detail, param, { account: address });
}
