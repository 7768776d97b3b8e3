import { accountKey, addressesOf, sourceAccountKey, sourceMetadata } from './account-keys';
import type { SourceAccount } from './account-keys';
import type { AccountFacts } from './books';
import type { ImportDoor } from './import-door';
import type { ImportTally } from './import-summary';
import { accountsRememberedMax } from './limits';
import { problem } from './problem';
import type { ImportProblem } from './problem';

export interface AccountToOpen extends SourceAccount {
  /** The unit is not declared: only in a dry run. */
  readonly isNewUnit: boolean;
}
export interface BookedAccount {
  readonly address: string;
  /** Only in a dry run: it would be opened. */
  readonly isMissing: boolean;
}

/**
 * Opens accounts at their first amount. An account of ours has one currency: the first unit of a source's account takes the plain address, each
 * further one `<address>:<UNIT>`. Where that address belongs to something else, the unit is added once more.
 */
export class AccountBook {
  private known = new Map<string, BookedAccount | ImportProblem>();
  constructor(
    private readonly door: ImportDoor,
    private readonly tally: ImportTally,
  ) {}

  async resolve(account: AccountToOpen): Promise<BookedAccount | ImportProblem> {
    const key = `${account.name}\n${account.code}\n${account.type}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const booked = await this.open(account);
    // A forgotten account is found again by opening it again.
    if (this.known.size >= accountsRememberedMax) this.known.clear();
    this.known.set(key, booked);
    return booked;
  }

  private async open(account: AccountToOpen): Promise<BookedAccount | ImportProblem> {
    let last = '';
    for (const address of addressesOf(account)) {
      const booked = await this.openAt(address, account);
      if (booked !== 'taken') return booked;
      last = address;
    }
    return problem('account_differs', `${last} belongs to another account`);
  }

  private async openAt(
    address: string,
    account: AccountToOpen,
  ): Promise<BookedAccount | ImportProblem | 'taken'> {
    const { dryRun, books } = this.door;
    if (dryRun && account.isNewUnit) {
      this.tally.accountsOpened += 1;
      return { address, isMissing: true };
    }
    const { type: accountType, code: currency } = account;
    const metadata = sourceMetadata(address, account);
    const outcome = await this.door.submit(
      { type: 'OpenAccount', address, accountType, currency, metadata },
      accountKey(address, account),
    );
    if (outcome.kind === 'accepted') {
      if (!outcome.replayed) this.tally.accountsOpened += 1;
      return { address, isMissing: dryRun && !outcome.replayed };
    }
    const { code, detail } = outcome.refusal;
    if (code !== 'account_exists') return problem(code, detail);
    const existing = await books.account(address);
    if (existing === null) return problem(code, detail);
    if (!isOf(existing, address, account)) return 'taken';
    return existing.type === accountType
      ? { address, isMissing: false }
      : problem('account_differs', `${address} is open as ${existing.type}, the file says ${accountType}`);
  }
}

/** An account that no import of CSV opened for this one stands for it when it has its unit, and its address or what it says of its source. */
function isOf(existing: AccountFacts, address: string, { name, code }: SourceAccount): boolean {
  return existing.currency === code && (existing.metadata[sourceAccountKey] ?? address) === name;
}
