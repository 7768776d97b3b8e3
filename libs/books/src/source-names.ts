import type { AccountTerms } from '@fintech-ledger/ledger';
import { sourceAccountKey, sourceUnitKey } from './account-book';
import type { ExportedEvent } from './export-source';

export interface SourceName {
  readonly account: string;
  readonly unit: string;
}

/** How accounts and their units are called in an export: as the books that they were imported from call them. */
export class SourceNames {
  /** Only accounts that are called otherwise than their address and currency. */
  private readonly names = new Map<string, SourceName>();

  /** To be shown every event before its entries are looked up. */
  see({ event }: ExportedEvent): AccountTerms | undefined {
    if (event.type !== 'AccountOpened' && event.type !== 'AccountAmended') return undefined;
    const { account } = event.data;
    // What an account was opened as stays: names that change midway would tear its balance apart.
    if (event.type === 'AccountAmended') return undefined;
    const name = account.metadata[sourceAccountKey] ?? account.address;
    const unit = account.metadata[sourceUnitKey] ?? account.currency;
    if (name !== account.address || unit !== account.currency) {
      this.names.set(account.address, { account: name, unit });
    }
    return account;
  }

  of(address: string, currency: string): SourceName {
    return this.names.get(address) ?? { account: address, unit: currency };
  }
}
