import { missingOrganization, organizationAnswer, organizationKey } from '@fintech-ledger/access/domain';
import type { UnitView } from '@fintech-ledger/access/domain';
import type { DomainPart } from '@fintech-ledger/journal';
import {
  decideDirectory,
  directoryEvents,
  evolveDirectory,
  ledgerKey,
  unitKey,
} from '@fintech-ledger/ledger/domain';
import type { DirectoryCommand, DirectoryEvent, DirectoryRecord } from '@fintech-ledger/ledger/domain';
import { ledgerView } from './ledger-view';

/** What happens to the ledgers and units of an organization. Without the organization all of it is refused. */
export const directoryPart: DomainPart<DirectoryCommand, DirectoryEvent, DirectoryRecord> = {
  commands: { CreateLedger: true, DeclareUnit: true, UseUnit: true },
  events: directoryEvents,
  records: { ledger: ledgerKey(''), unit: unitKey('') },
  reads(command) {
    switch (command.type) {
      case 'CreateLedger':
        return [organizationKey];
      case 'DeclareUnit':
      case 'UseUnit':
        return [organizationKey, unitKey(command.code)];
    }
  },
  decide(view, command, context) {
    const missing = missingOrganization(view, context.organizationId);
    return missing === undefined
      ? decideDirectory(view, command, context)
      : { kind: 'refused', refusal: missing };
  },
  evolve: evolveDirectory,
  answer: (request) => organizationAnswer(request, viewOf(request.events[0])),
};

function viewOf(event: DirectoryEvent | undefined): object {
  switch (event?.type) {
    case undefined:
      return {};
    case 'LedgerCreated':
      return ledgerView(event.data.ledger);
    case 'UnitDeclared': {
      const { code, exponent, name, createdAt } = event.data.unit;
      return { object: 'unit', code, exponent, name, created_at: createdAt } satisfies UnitView;
    }
    case 'UnitUsed':
      return { object: 'unit', code: event.data.code };
  }
}
