import { findCurrency, openedBy } from '@fintech-ledger/ledger/domain';
import type { AccountTerms } from '@fintech-ledger/ledger/domain';
import { openedAs } from './account-keys';
import type { ExportedEvent } from './export-source';
import type { ExportUnits } from './export-units';

export interface SourceName {
  readonly account: string;
  readonly unit: string;
}

/**
 * How accounts and units are called in an export: as the books that they were imported from call them. A unit has one name in the whole export,
 * that of its first account, so that debits and credits of it are in the same unit; and never the code of another one.
 */
export class SourceNames {
  /** Only accounts that are called otherwise than their address. */
  private readonly accounts = new Map<string, string>();
  /** By code, and the other way round. */
  private readonly units = new Map<string, string>();
  private readonly codes = new Map<string, string>();

  constructor(private readonly declared: ExportUnits) {}

  /** To be shown every event before its entries are looked up. Returns the accounts that it opens. */
  async see(exported: ExportedEvent): Promise<readonly AccountTerms[]> {
    // What an account was opened as stays: names that change midway would tear its balance apart.
    const opened = openedBy(exported.event);
    for (const account of opened) {
      const source = openedAs(account, exported);
      if (source.account !== account.address) this.accounts.set(account.address, source.account);
      if (!this.units.has(account.currency)) await this.nameUnit(account.currency, source.unit);
    }
    return opened;
  }

  of(address: string, currency: string): SourceName {
    return { account: this.accounts.get(address) ?? address, unit: this.units.get(currency) ?? currency };
  }

  private async nameUnit(code: string, wanted: string): Promise<void> {
    const isOthers =
      wanted !== code &&
      (this.codes.has(wanted) ||
        findCurrency(wanted) !== undefined ||
        (await this.declared.isDeclared(wanted)));
    const name = isOthers ? code : wanted;
    this.units.set(code, name);
    this.codes.set(name, code);
  }
}
