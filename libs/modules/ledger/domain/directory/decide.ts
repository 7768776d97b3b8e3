import { refuse } from '@fintech-ledger/contract';
import { findCurrency } from '../currencies';
import type { LedgerRefusal, RefusalCode } from '../refusal';
import type { CreateLedger, DeclareUnit, DirectoryCommand, UseUnit } from './commands';
import type { DirectoryEvent } from './events';
import { unitOf } from './records';
import type { DirectoryView } from './records';
import { isExponent, isUnitCode } from './unit';

export interface DirectoryContext {
  /** RFC 3339, UTC, milliseconds. */
  readonly now: string;
  newId(prefix: string, index: number): string;
}
export type DirectoryDecision =
  | { readonly kind: 'decided'; readonly events: readonly DirectoryEvent[] }
  | { readonly kind: 'refused'; readonly refusal: LedgerRefusal };

const decided = (...events: readonly DirectoryEvent[]): DirectoryDecision => ({ kind: 'decided', events });
const refused = (code: RefusalCode, detail: string, param?: string): DirectoryDecision => ({
  kind: 'refused',
  refusal: refuse(code, detail, param),
});

/**
 * What a command does to the ledgers and units of an organization that exists.
 * Refusals in order: `invalid_currency`, `unit_exists`, `unit_in_use` · `unknown_currency`
 */
export function decideDirectory(
  view: DirectoryView,
  command: DirectoryCommand,
  context: DirectoryContext,
): DirectoryDecision {
  switch (command.type) {
    case 'CreateLedger':
      return createLedger(command, context);
    case 'DeclareUnit':
      return declareUnit(view, command, context);
    case 'UseUnit':
      return useUnit(view, command);
  }
}

function createLedger(command: CreateLedger, context: DirectoryContext): DirectoryDecision {
  return decided({
    type: 'LedgerCreated',
    data: {
      ledger: {
        createdAt: context.now,
        description: command.description ?? null,
        id: context.newId('led', 0),
        metadata: command.metadata ?? {},
        name: command.name,
      },
    },
  });
}

function declareUnit(
  view: DirectoryView,
  command: DeclareUnit,
  context: DirectoryContext,
): DirectoryDecision {
  const { code, exponent, name } = command;
  if (!isUnitCode(code)) return refused('invalid_currency', `'${code}' is not a unit code.`, '/code');
  if (!isExponent(exponent)) {
    return refused('invalid_currency', 'An exponent is a whole number from 0 to 18.', '/exponent');
  }
  if (findCurrency(code) !== undefined) {
    return refused('unit_exists', `${code} is an ISO 4217 currency, which is built in.`, '/code');
  }
  const known = unitOf(view, code);
  if (known?.isUsed === true) {
    return known.exponent === exponent && known.name === name
      ? refused('unit_exists', `Unit ${code} is declared already, and in use.`, '/code')
      : refused('unit_in_use', `Unit ${code} is in use: its exponent stays ${known.exponent}.`, '/code');
  }
  const createdAt = known?.createdAt ?? context.now;
  return decided({ type: 'UnitDeclared', data: { unit: { code, createdAt, exponent, name } } });
}

function useUnit(view: DirectoryView, command: UseUnit): DirectoryDecision {
  const unit = unitOf(view, command.code);
  if (unit === undefined) {
    const detail = `${command.code} is neither an ISO 4217 currency nor a unit that this organization declared.`;
    return refused('unknown_currency', detail, '/currency');
  }
  return unit.isUsed ? decided() : decided({ type: 'UnitUsed', data: { code: unit.code } });
}
