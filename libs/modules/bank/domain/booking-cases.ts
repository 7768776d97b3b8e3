import { bankLineLines, returnedLines, returnLines } from '@fintech-ledger/payments/domain';
import type { BookingCase } from '@fintech-ledger/payments/domain';
import type { BankEvent } from './events';

type BookingEventName = Extract<BankEvent, { readonly data: { readonly entries: unknown } }>['type'];

/** What each event books, for the reference: one that is forgotten does not compile. */
export const bankBookingCases: Readonly<Record<BookingEventName, readonly BookingCase[]>> = {
  BankLineBooked: [
    { when: 'A statement says that 10,000 came in.', lines: bankLineLines(10_000n, 'EUR', true) },
    { when: 'A statement says that 500 left.', lines: bankLineLines(500n, 'EUR', false) },
  ],
  BankLineReturned: [{ when: 'What came is to go back.', lines: returnLines(10_000n, 'EUR') }],
  BankReturnPaid: [{ when: 'A statement says that it has gone back.', lines: returnedLines(10_000n, 'EUR') }],
  BankReturnCanceled: [{ when: 'It does not go back after all.', lines: returnedLines(10_000n, 'EUR') }],
};
