import { refused } from '@fintech-ledger/contract';
import type { CodeOf, Refusal } from '@fintech-ledger/contract';
import { sortedMetadata } from '../account';
import { findCurrency } from '../currencies';
import { invalidCurrency, unknownCurrency } from '../currency-refusals';
import { lengthRefusal, metadataRefusal } from '../given-texts';
import type { CreateLedger, DeclareUnit, DirectoryCommand, UseUnit } from './commands';
import type { DirectoryEvent } from './events';
import { unitOf } from './records';
import type { DirectoryView } from './records';
import { unitExists, unitInUse } from './refusals';
import type { directoryRefusals } from './refusals';
import { isExponent, isUnitCode } from './unit';

export interface DirectoryContext {
  /** RFC 3339, UTC, milliseconds. */
  readonly now: string;
  newId(prefix: string, index: number): string;
}
export type DirectoryDecision<Code extends string = string> =
  | { readonly kind: 'decided'; readonly events: readonly DirectoryEvent[] }
  | { readonly kind: 'refused'; readonly refusal: Refusal<Code> };
type DecisionOf<Type extends DirectoryCommand['type']> = DirectoryDecision<
  CodeOf<(typeof directoryRefusals)[Type]>
>;

const decided = (...events: readonly DirectoryEvent[]): DirectoryDecision<never> => ({
  kind: 'decided',
  events,
});

/** What a command does to the ledgers and units of an organization that exists. */
export function decideDirectory(
  view: DirectoryView,
  command: DirectoryCommand,
  context: DirectoryContext,
): DecisionOf<DirectoryCommand['type']> {
  switch (command.type) {
    case 'CreateLedger':
      return createLedger(command, context);
    case 'DeclareUnit':
      return declareUnit(view, command, context);
    case 'UseUnit':
      return useUnit(view, command);
  }
}

function createLedger(command: CreateLedger, context: DirectoryContext): DecisionOf<'CreateLedger'> {
  const unfit =
    lengthRefusal('name', command.name) ??
    lengthRefusal('description', command.description) ??
    metadataRefusal(command.metadata);
  if (unfit) return { kind: 'refused', refusal: unfit };
  return decided({
    type: 'LedgerCreated',
    data: {
      ledger: {
        createdAt: context.now,
        description: command.description ?? null,
        id: context.newId('led', 0),
        managed: command.managed ?? null,
        metadata: sortedMetadata(command.metadata),
        name: command.name,
      },
    },
  });
}

function declareUnit(
  view: DirectoryView,
  command: DeclareUnit,
  context: DirectoryContext,
): DecisionOf<'DeclareUnit'> {
  const { code, exponent, name } = command;
  const unfit = lengthRefusal('name', name);
  if (unfit) return { kind: 'refused', refusal: unfit };
  if (!isUnitCode(code)) return refused(invalidCurrency, `'${code}' is not a unit code.`, '/code');
  if (!isExponent(exponent)) {
    return refused(invalidCurrency, 'An exponent is a whole number from 0 to 18.', '/exponent');
  }
  if (findCurrency(code) !== undefined) {
    return refused(unitExists, `${code} is an ISO 4217 currency, which is built in.`, '/code');
  }
  const known = unitOf(view, code);
  if (known?.isUsed === true) {
    return known.exponent === exponent && known.name === name
      ? refused(unitExists, `Unit ${code} is declared already, and in use.`, '/code')
      : refused(unitInUse, `Unit ${code} is in use: its exponent stays ${known.exponent}.`, '/code');
  }
  const createdAt = known?.createdAt ?? context.now;
  return decided({ type: 'UnitDeclared', data: { unit: { code, createdAt, exponent, name } } });
}

function useUnit(view: DirectoryView, command: UseUnit): DecisionOf<'UseUnit'> {
  const unit = unitOf(view, command.code);
  if (unit === undefined) {
    const detail = `${command.code} is neither an ISO 4217 currency nor a unit that this organization declared.`;
    return refused(unknownCurrency, detail, '/currency');
  }
  return unit.isUsed ? decided() : decided({ type: 'UnitUsed', data: { code: unit.code } });
}
