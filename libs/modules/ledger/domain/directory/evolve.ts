import { BrokenInvariant } from '@fintech-ledger/contract';
import type { DirectoryEvent } from './events';
import { ledgerKey, unitKey, unitOf } from './records';
import type { DirectoryRecord, DirectoryView } from './records';

export interface DirectoryChange {
  readonly key: string;
  readonly record: DirectoryRecord;
}

/** The records that an event changes. @throws BrokenInvariant when it contradicts the state */
export function evolveDirectory(view: DirectoryView, event: DirectoryEvent): readonly DirectoryChange[] {
  switch (event.type) {
    case 'LedgerCreated': {
      const { managed, ...ledger } = event.data.ledger;
      const record = { kind: 'ledger', ...ledger, ...(managed !== null && { managed }) } as const;
      return [{ key: ledgerKey(ledger.id), record }];
    }
    case 'UnitDeclared': {
      const { unit } = event.data;
      if (unitOf(view, unit.code)?.isUsed === true) {
        throw new BrokenInvariant(`unit ${unit.code} was declared again while in use`);
      }
      return [{ key: unitKey(unit.code), record: { kind: 'unit', ...unit, isUsed: false } }];
    }
    case 'UnitUsed': {
      const unit = unitOf(view, event.data.code);
      if (unit === undefined) throw new BrokenInvariant(`unit ${event.data.code} was used, never declared`);
      return [{ key: unitKey(unit.code), record: { ...unit, isUsed: true } }];
    }
  }
}
