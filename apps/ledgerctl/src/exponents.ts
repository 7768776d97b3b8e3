import type { UnitView } from '@fintech-ledger/access/domain';
import { findCurrency } from '@fintech-ledger/ledger/domain';
import type { ApiClient } from './api-client';
import { Failure } from './failure';

/** A guess would print a balance a thousandfold, so a unit that is not known is asked for again and then refused. */
export function exponentsOf(api: ApiClient): (code: string) => Promise<number> {
  const exponents = new Map<string, number>();
  return async (code) => {
    const known = findCurrency(code)?.exponent ?? exponents.get(code);
    if (typeof known === 'number') return known;
    for await (const unit of api.list<UnitView>('/v1/units')) exponents.set(unit.code, unit.exponent);
    const declared = exponents.get(code);
    if (declared === undefined) throw new Failure(`the unit ${code} is not declared`, 1);
    return declared;
  };
}
