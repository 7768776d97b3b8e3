import { findCurrency } from '@fintech-ledger/ledger/domain';
import type { ExportSource } from './export-source';

/** How many decimals each unit of an export has, and how it is called. */
export class ExportUnits {
  private readonly known = new Map<string, { readonly exponent: number; readonly name: string }>();
  constructor(private readonly source: ExportSource) {}

  async of(code: string): Promise<{ readonly exponent: number; readonly name: string }> {
    const known = this.known.get(code);
    if (known !== undefined) return known;
    const currency = findCurrency(code);
    const unit =
      currency !== undefined && currency.exponent !== null
        ? { exponent: currency.exponent, name: currency.name }
        : await this.source.unit(code);
    if (unit === null) throw new Error(`an account is in ${code}, which is no declared unit`);
    this.known.set(code, unit);
    return unit;
  }

  async isDeclared(code: string): Promise<boolean> {
    return (await this.source.unit(code)) !== null;
  }
}
