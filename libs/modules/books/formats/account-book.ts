import { BoundedMap } from '@fintech-ledger/contract';
import { accountKey, sourceAccountKey, sourceMetadata } from './account-keys';
import type { SourceAccount } from './account-keys';
import { addressesOf } from './address';
import type { AccountFacts } from './books';
import type { ImportDoor } from './import-door';
import type { ImportTally } from './import-summary';
import { accountsRememberedMax } from './limits';
import { problem } from './problem';
import type { ImportProblem } from './problem';
import { accountDiffers } from './line-refusals';

export interface AccountToOpen extends SourceAccount {
  /** The unit is not declared yet. */
  readonly isNewUnit: boolean;
}
export interface BookedAccount {
  readonly address: string;
  /** An import of this release opened it, or will: no earlier release can have booked to it. */
  readonly isOfThisRelease: boolean;
}

interface OpenedAccount extends BookedAccount {
  readonly isNew: boolean;
}

/**
 * Opens accounts at their first amount. An account of ours has one currency: the first unit of a source's account takes the plain address, each
 * further one `<address>:<UNIT>`. Where that address belongs to something else, the unit is added once more.
 */
export class AccountBook {
  /** A forgotten account is found again by opening it again. */
  private readonly known = new BoundedMap<string, BookedAccount | ImportProblem>(accountsRememberedMax);
  constructor(
    private readonly door: ImportDoor,
    private readonly tally: ImportTally,
  ) {}

  /** What would keep the account from being opened, before anything of its transaction is fixed; undefined: nothing. */
  async check(account: AccountToOpen): Promise<ImportProblem | undefined> {
    const known = this.known.get(keyOf(account));
    if (known !== undefined) return 'address' in known ? undefined : known;
    const found = account.isNewUnit ? undefined : await this.open(account, true);
    if (found === undefined) return undefined;
    if (!('address' in found)) return this.remember(account, found);
    if (!found.isNew) this.remember(account, found);
    return undefined;
  }

  async resolve(account: AccountToOpen): Promise<BookedAccount | ImportProblem> {
    const known = this.known.get(keyOf(account));
    if (known !== undefined) return known;
    const booked = await this.open(account, false);
    if ('address' in booked && booked.isNew) this.tally.accountsOpened += 1;
    return this.remember(account, booked);
  }

  private remember<T extends BookedAccount | ImportProblem>(account: AccountToOpen, booked: T): T {
    this.known.set(keyOf(account), booked);
    return booked;
  }

  private async open(account: AccountToOpen, dryRun: boolean): Promise<OpenedAccount | ImportProblem> {
    let last = '';
    for (const address of addressesOf(account)) {
      const booked = await this.openAt(address, account, dryRun);
      if (booked !== 'taken') return booked;
      last = address;
    }
    return problem(accountDiffers, `${last} belongs to another account`);
  }

  private async openAt(
    address: string,
    account: AccountToOpen,
    dryRun: boolean,
  ): Promise<OpenedAccount | ImportProblem | 'taken'> {
    const { type: accountType, code: currency } = account;
    const metadata = sourceMetadata(address, account);
    const outcome = await this.door.submit(
      { type: 'OpenAccount', address, accountType, currency, metadata },
      accountKey(address, account),
      dryRun,
    );
    if (outcome.kind === 'accepted') {
      const isNew = !outcome.replayed;
      return { address, isNew, isOfThisRelease: !outcome.isEarlier };
    }
    const { code, detail } = outcome.refusal;
    if (code !== 'account_exists') return problem({ code }, detail);
    const existing = await this.door.books.account(address);
    if (existing === null) return problem({ code }, detail);
    if (!isOf(existing, address, account)) return 'taken';
    return existing.type === accountType
      ? { address, isNew: false, isOfThisRelease: false }
      : problem(accountDiffers, `${address} is open as ${existing.type}, the file says ${accountType}`);
  }
}

function keyOf({ address, name, code, type }: AccountToOpen): string {
  return `${address ?? ''}\n${name}\n${code}\n${type}`;
}

/** An account that no import of CSV opened for this one stands for it when it has its unit, and its address or what it says of its source. */
function isOf(
  existing: AccountFacts,
  address: string,
  { address: said, name, code }: SourceAccount,
): boolean {
  const isSaid = said !== null || (existing.metadata[sourceAccountKey] ?? address) === name;
  return existing.currency === code && isSaid;
}
