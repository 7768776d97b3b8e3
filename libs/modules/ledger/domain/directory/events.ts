import {
  EventList,
  eventType,
  nextVersion,
  metadata,
  object,
  text,
  textOrNull,
  time,
  wholeNumber,
} from '@fintech-ledger/contract';
import type { EventsOf } from '@fintech-ledger/contract';
import { currency } from '../event-shapes';
import type { LedgerFacts, UnitFacts } from './facts';
import { ledgerKey, unitKey } from './records';

/** As they were before modules managed ledgers. */
type FirstLedgerFacts = Omit<LedgerFacts, 'managed'>;
const beginning = {
  createdAt: time,
  description: textOrNull(),
  id: text({ pattern: '^led_[0-9A-Za-z_-]+$' }),
};
const end = { metadata, name: text() };

const firstLedgerCreated = eventType({
  name: 'LedgerCreated',
  description: 'A ledger exists; its journal stream begins with its first account.',
  schema: object<{ readonly ledger: FirstLedgerFacts }>({
    ledger: object<FirstLedgerFacts>({ ...beginning, ...end }),
  }),
  touches: ({ ledger }) => [ledgerKey(ledger.id)],
});
const ledgerCreated = nextVersion(firstLedgerCreated, {
  description:
    'A ledger exists; its journal stream begins with its first event. Which module manages it, if one does.',
  schema: object<{ readonly ledger: LedgerFacts }>({
    ledger: object<LedgerFacts>({
      ...beginning,
      managed: textOrNull({ description: 'The module that manages the accounts below its name' }),
      ...end,
    }),
  }),
  upcast: ({ ledger }) => ({ ledger: { ...ledger, managed: null } }),
  touches: ({ ledger }) => [ledgerKey(ledger.id)],
});

const unitDeclared = eventType({
  name: 'UnitDeclared',
  description:
    'A unit that is not an ISO 4217 currency may be used; said again with other values as long as nothing uses it.',
  schema: object<{ readonly unit: UnitFacts }>({
    unit: object<UnitFacts>({
      code: currency,
      createdAt: time,
      exponent: wholeNumber({ description: 'Digits after the decimal point', minimum: 0, maximum: 18 }),
      name: text(),
    }),
  }),
  touches: ({ unit }) => [unitKey(unit.code)],
});

const unitUsed = eventType({
  name: 'UnitUsed',
  description: 'An account in this unit was opened: its exponent is fixed.',
  schema: object<{ readonly code: string }>({ code: currency }),
  touches: ({ code }) => [unitKey(code)],
});

/** What an organization's stream says of its ledgers and units. */
export const directoryEvents = new EventList({ prefix: 'org-' }, [ledgerCreated, unitDeclared, unitUsed]);
export type DirectoryEvent = EventsOf<typeof directoryEvents>;
