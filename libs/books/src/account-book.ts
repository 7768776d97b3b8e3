import type { AccountType, Metadata } from '@fintech-ledger/ledger';
import { encodeAddress, encodeSegment } from './address';
import type { Books } from './books';
import { importKey } from './content-key';
import type { ImportTally } from './import-summary';
import { accountsRememberedMax } from './limits';
import { problem } from './problem';
import type { ImportProblem } from './problem';

/** The metadata in which an account keeps how its source called it, where its address and currency don't say so already. */
export const sourceAccountKey = 'source_account';
export const sourceUnitKey = 'source_unit';

export interface SourceAccount {
  readonly name: string;
  readonly type: AccountType;
  /** The unit as the source writes it, and its code. */
  readonly unit: string;
  readonly code: string;
  /** The unit is not declared: only in a dry run. */
  readonly isNewUnit: boolean;
}
export interface BookedAccount {
  readonly address: string;
  /** Only in a dry run: it would be opened. */
  readonly isMissing: boolean;
}

/**
 * Opens accounts on first sight. An account of ours has one currency: the first unit of a source's account takes the plain address, each
 * further one `<address>:<UNIT>`. Where that address belongs to something else, the unit is added once more.
 */
export class AccountBook {
  private known = new Map<string, BookedAccount | ImportProblem>();
  constructor(
    private readonly books: Books,
    private readonly tally: ImportTally,
    private readonly dryRun: boolean,
  ) {}

  async resolve(account: SourceAccount): Promise<BookedAccount | ImportProblem> {
    const key = `${account.name}\n${account.unit}\n${account.type}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const booked = await this.open(account);
    // A forgotten account is found again by opening it again.
    if (this.known.size >= accountsRememberedMax) this.known.clear();
    this.known.set(key, booked);
    return booked;
  }

  private async open(account: SourceAccount): Promise<BookedAccount | ImportProblem> {
    let address = encodeAddress(account.name);
    for (let tries = 0; tries < 4; tries += 1) {
      const booked = await this.openAt(address, account);
      if (booked !== 'taken') return booked;
      address = encodeAddress(`${address}:${encodeSegment(account.code)}`);
    }
    return problem('account_differs', `${address} belongs to another account`);
  }

  private async openAt(
    address: string,
    account: SourceAccount,
  ): Promise<BookedAccount | ImportProblem | 'taken'> {
    if (this.dryRun && account.isNewUnit) {
      this.tally.accountsOpened += 1;
      return { address, isMissing: true };
    }
    const metadata = sourceMetadata(address, account);
    const outcome = await this.books.submit(
      { type: 'OpenAccount', address, accountType: account.type, currency: account.code, metadata },
      importKey(JSON.stringify(['account', address, account.type, account.code, metadata])),
      { dryRun: this.dryRun },
    );
    if (outcome.kind === 'accepted') {
      if (!outcome.replayed) this.tally.accountsOpened += 1;
      return { address, isMissing: this.dryRun && !outcome.replayed };
    }
    const { code, detail } = outcome.refusal;
    if (code !== 'account_exists') return problem(code, detail);
    const existing = await this.books.account(address);
    if (existing === null) return problem(code, detail);
    const isThis =
      existing.currency === account.code &&
      (existing.metadata[sourceAccountKey] ?? address) === account.name &&
      (existing.metadata[sourceUnitKey] ?? existing.currency) === account.unit;
    if (!isThis) return 'taken';
    return existing.type === account.type
      ? { address, isMissing: false }
      : problem('account_differs', `${address} is open as ${existing.type}, the file says ${account.type}`);
  }
}

function sourceMetadata(address: string, { name, unit, code }: SourceAccount): Metadata {
  return {
    ...(name === address ? {} : { [sourceAccountKey]: name }),
    ...(unit === code ? {} : { [sourceUnitKey]: unit }),
  };
}
