import type { AccountTerms, BookedEntry, TotalsAfter } from '@fintech-ledger/ledger/domain';
import type { AccountChange, AccountState } from './account-change';

type Totals = Omit<AccountState, 'version'>;

/** A number of so many digits, and a sum of two, is exact. */
const exactDigits = 15;

/**
 * What a batch does to an account, while it is folded. Totals are numbers in their places, as long as they are exact:
 * texts that are replaced with each entry are the most of a garbage collector's work.
 */
export class AccountRow {
  /** The last event that touched it, by a count of them. */
  event = 0;
  private version: number;
  private opened: AccountChange['opened'];
  private terms: AccountTerms | undefined;
  private before: Totals | undefined;
  private isMoved = false;
  private postedDebits = 0;
  private postedCredits = 0;
  private pendingDebits = 0;
  private pendingCredits = 0;
  /** Where a total is no exact number: all of them. */
  private large: Totals | undefined;

  constructor(
    private readonly accountKey: string,
    private readonly ledgerKey: string,
    private readonly address: string,
    private readonly firstVersion: number,
  ) {
    this.version = firstVersion;
  }

  open(terms: AccountTerms, opened: NonNullable<AccountChange['opened']>): void {
    this.terms = terms;
    this.opened = opened;
  }

  amend(terms: AccountTerms, version: number, opened: AccountChange['opened']): void {
    this.raiseVersion(version, this.terms === undefined && !this.isMoved ? 0 : 1);
    this.terms = terms;
    if (opened !== undefined) this.opened = opened;
  }

  /** @param step 0: by an event that has touched it already */
  move(entry: BookedEntry, step: number): void {
    const { after } = entry;
    this.raiseVersion(after.version, this.terms === undefined && !this.isMoved ? 0 : step);
    // An account that was opened in this batch begins with nothing.
    if (!this.isMoved && this.opened === undefined) {
      this.before = totalsBefore(entry);
      this.set(after);
    } else if (this.large === undefined && isExact(entry)) this.moveNumbers(entry);
    else {
      if (!isSame(this.totals(), totalsBefore(entry))) throw this.otherTotals();
      this.set(after);
    }
    this.isMoved = true;
  }

  change(): AccountChange {
    const { accountKey, ledgerKey, address, opened, terms, before, version } = this;
    return {
      ...{ accountKey, ledgerKey, address, version },
      versionBefore: this.firstVersion - 1,
      ...(opened !== undefined && { opened }),
      ...(terms !== undefined && { terms }),
      ...(this.isMoved && { totals: { ...this.totals(), version } }),
      ...(before !== undefined && { totalsBefore: before }),
    };
  }

  private moveNumbers({ after, effect, direction, amount }: BookedEntry): void {
    const isDebit = direction === 'debit';
    const posted = effect === 'post' || effect === 'capture' ? Number(amount) : 0;
    const pending = effect === 'hold' ? Number(amount) : effect === 'post' ? 0 : -Number(amount);
    this.postedDebits += isDebit ? posted : 0;
    this.postedCredits += isDebit ? 0 : posted;
    this.pendingDebits += isDebit ? pending : 0;
    this.pendingCredits += isDebit ? 0 : pending;
    if (
      this.postedDebits !== Number(after.postedDebits) ||
      this.postedCredits !== Number(after.postedCredits) ||
      this.pendingDebits !== Number(after.pendingDebits) ||
      this.pendingCredits !== Number(after.pendingCredits)
    )
      throw this.otherTotals();
  }

  private set(after: TotalsAfter): void {
    this.large = areExact(after) ? undefined : after;
    if (this.large !== undefined) return;
    this.postedDebits = Number(after.postedDebits);
    this.postedCredits = Number(after.postedCredits);
    this.pendingDebits = Number(after.pendingDebits);
    this.pendingCredits = Number(after.pendingCredits);
  }

  private totals(): Totals {
    if (this.large !== undefined) {
      const { postedDebits, postedCredits, pendingDebits, pendingCredits } = this.large;
      return { postedDebits, postedCredits, pendingDebits, pendingCredits };
    }
    return {
      postedDebits: String(this.postedDebits),
      postedCredits: String(this.postedCredits),
      pendingDebits: String(this.pendingDebits),
      pendingCredits: String(this.pendingCredits),
    };
  }

  private raiseVersion(version: number, step: number): void {
    if (version !== this.version + step)
      throw new Error(`account ${this.address}: version ${version} comes after ${this.version}`);
    this.version = version;
  }

  private otherTotals(): Error {
    return new Error(`account ${this.address}: an entry goes on from other totals than those before it`);
  }
}

const areExact = (totals: Totals): boolean =>
  totals.postedDebits.length <= exactDigits &&
  totals.postedCredits.length <= exactDigits &&
  totals.pendingDebits.length <= exactDigits &&
  totals.pendingCredits.length <= exactDigits;

const isExact = ({ amount, after }: BookedEntry): boolean => amount.length <= exactDigits && areExact(after);

function isSame(a: Totals, b: Totals): boolean {
  return (
    a.postedDebits === b.postedDebits &&
    a.postedCredits === b.postedCredits &&
    a.pendingDebits === b.pendingDebits &&
    a.pendingCredits === b.pendingCredits
  );
}

/**
 * The totals before an entry: post and capture have added to posted, hold to pending; release and capture have taken
 * from pending.
 */
function totalsBefore({ after, effect, direction, amount }: BookedEntry): Totals {
  const minor = BigInt(amount);
  const less = (total: string): string => String(BigInt(total) - minor);
  const posted = effect === 'post' || effect === 'capture' ? less : same;
  const more = (total: string): string => String(BigInt(total) + minor);
  const pending = effect === 'hold' ? less : effect === 'post' ? same : more;
  const { postedDebits, postedCredits, pendingDebits, pendingCredits } = after;
  return direction === 'debit'
    ? {
        postedDebits: posted(postedDebits),
        postedCredits,
        pendingDebits: pending(pendingDebits),
        pendingCredits,
      }
    : {
        postedDebits,
        postedCredits: posted(postedCredits),
        pendingDebits,
        pendingCredits: pending(pendingCredits),
      };
}

const same = (total: string): string => total;
