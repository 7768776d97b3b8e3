import { eventType, exactly, listOf, nothing, object } from '@fintech-ledger/contract';
import type { EventType, ObjectSchema, Schema } from '@fintech-ledger/contract';
import type { AccountTerms } from './account';
import { accountTerms, bookedEntries, transactionHeader } from './event-shapes';
import { touchedAccounts } from './ledger-event-type';
import type { MoneyFacts } from './ledger-event-type';
import { entriesMax } from './limits';

/** What an event of another module says of what it books: it begins a transaction, whose lines are its entries. */
export interface BookingFacts extends MoneyFacts {
  /** The accounts that begin with the event, all of which it books on. */
  readonly opens: readonly AccountTerms[];
}

type Fields<D extends object> = { readonly [K in keyof D]-?: Schema<D[K]> };

const bookingFields: Fields<BookingFacts> = {
  entries: bookedEntries(exactly('post')),
  opens: listOf(accountTerms(exactly('open')), { maxItems: entriesMax }),
  transaction: transactionHeader({ expiresAt: nothing, reverses: nothing, status: exactly('posted') }),
};

/** The schema of an event that books, with the fields of its own. @throws Error one of them is the ledger's */
export function bookingSchema<D extends object>(fields: Fields<D>): ObjectSchema<D & BookingFacts> {
  const taken = Object.keys(bookingFields).find((name) => name in fields);
  if (taken !== undefined) throw new Error(`the field ${taken} of an event that books is the ledger's`);
  const all = Object.entries({ ...fields, ...bookingFields }).sort(([a], [b]) => (a < b ? -1 : 1));
  return object(Object.fromEntries(all) as unknown as Fields<D & BookingFacts>);
}

/** An event type of another module whose events book. Their entries are made by `bookLines`. */
export function bookingEvent<const N extends string, D extends object>(definition: {
  readonly name: N;
  readonly description: string;
  /** What it says in addition. */
  readonly fields: Fields<D>;
  /** The records of its own that folding it reads. */
  touches(data: D): readonly string[];
}): EventType<N, D & BookingFacts> {
  const { name, description, fields } = definition;
  const touches = (data: D & BookingFacts): readonly string[] => [
    ...touchedAccounts(data),
    ...definition.touches(data),
  ];
  return eventType({ name, description, schema: bookingSchema(fields), touches });
}
