import type { LedgerCommand } from '@fintech-ledger/ledger/domain';
import type { BooksOutcome } from './books';
import { earlierImportKey, importKey } from './content-key';
import type { ImportKey } from './content-key';
import type { ImportDoor } from './import-door';
import type { ImportTally } from './import-summary';
import { statusCommands } from './ndjson-records';
import type { AccountAmendmentLine, AccountRecordLine, AccountStatusLine } from './ndjson-records';
import { problem } from './problem';
import type { ImportProblem } from './problem';
import { accountDiffers, unitDiffers } from './line-refusals';

/** Opens, amends, freezes and closes accounts as a file says. */
export class NdjsonAccounts {
  /** Accounts of the ledger that are something else in the file: nothing is booked to them. */
  private readonly blocked = new Set<string>();
  private readonly blockedUnits = new Set<string>();

  constructor(
    private readonly door: ImportDoor,
    private readonly tally: ImportTally,
  ) {}

  /** Nothing is booked to accounts in this unit. */
  block(unitCode: string): void {
    this.blockedUnits.add(unitCode);
  }
  isBlocked(address: string): boolean {
    return this.blocked.has(address);
  }

  async book(
    record: AccountRecordLine | AccountAmendmentLine | AccountStatusLine,
    key: ImportKey,
    line: number,
  ): Promise<void> {
    const { address } = record;
    if (record.object === 'account') {
      const found = await this.open(record, key);
      if (found === undefined) return;
      this.blocked.add(address);
      this.tally.add({ ...found, line });
      return;
    }
    const found = this.isBlocked(address)
      ? problem(accountDiffers, `${address} is not the account of the file`)
      : record.object === 'account_amendment'
        ? await this.amend(record, key)
        : await this.submit({ type: statusCommands[record.object], address }, key);
    if (found !== undefined) this.tally.add({ ...found, line });
  }

  private async open(record: AccountRecordLine, key: ImportKey): Promise<ImportProblem | undefined> {
    const { address, type, currency } = record;
    if (this.blockedUnits.has(currency)) return problem(unitDiffers, `${currency} is another unit here`);
    const command: LedgerCommand = {
      type: 'OpenAccount',
      address,
      accountType: type,
      currency,
      minBalance: record.min_balance,
      maxBalance: record.max_balance,
      metadata: record.metadata,
    };
    const outcome = await this.door.submit(command, key);
    if (outcome.kind === 'accepted') {
      if (outcome.replayed) return undefined;
      this.tally.accountsOpened += 1;
      return undefined;
    }
    const { code, detail, param } = outcome.refusal;
    const existing = code === 'account_exists' ? await this.door.books.account(address) : null;
    if (existing === null) return problem({ code }, detail, { column: param });
    return existing.type === type && existing.currency === currency
      ? undefined
      : problem(
          accountDiffers,
          `${address} is ${existing.type} in ${existing.currency}, in the file ${type} in ${currency}`,
        );
  }

  /** An amendment adds and changes metadata; what the file no longer has is removed by a second one. */
  private async amend(record: AccountAmendmentLine, key: ImportKey): Promise<ImportProblem | undefined> {
    const { address, min_balance: minBalance, max_balance: maxBalance, metadata } = record;
    const amendment = { type: 'AmendAccount', address, minBalance, maxBalance } as const;
    const outcome = await this.door.submit({ ...amendment, metadata }, key);
    if (outcome.kind === 'refused') return refusedOf(outcome.refusal);
    const after = (JSON.parse(outcome.answer) as { metadata: Readonly<Record<string, string>> }).metadata;
    const gone = Object.keys(after).filter((name) => !Object.hasOwn(metadata, name));
    if (gone.length === 0) return undefined;
    const removal = Object.fromEntries(gone.map((name) => [name, null]));
    return this.submit({ ...amendment, metadata: removal }, removalKey(key));
  }

  private async submit(command: LedgerCommand, key: ImportKey): Promise<ImportProblem | undefined> {
    const outcome = await this.door.submit(command, key);
    return outcome.kind === 'refused' ? refusedOf(outcome.refusal) : undefined;
  }
}

/** With the field of the line that is to blame. */
const refusedOf = (refusal: Extract<BooksOutcome, { kind: 'refused' }>['refusal']): ImportProblem =>
  problem(refusal, refusal.detail, { column: refusal.param });

/** Of the second step of an amendment, derived from that of the first. */
function removalKey({ key, earlier }: ImportKey): ImportKey {
  return {
    key: importKey(`${key}\nremoval`),
    earlier: earlier.map((each) => earlierImportKey(`${each}\nremoval`)),
  };
}
