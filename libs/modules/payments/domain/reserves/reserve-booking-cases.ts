import { heldLines, releasedLines } from './reserve-bookings';

/** What events of reserves book. */
export const reserveCases = {
  ReserveHeld: [
    {
      when: 'Of a payment of 10,000 that becomes available, 10 % is held.',
      lines: heldLines({ account: 'acct_1', amount: '1000', currency: 'USD' }),
    },
  ],
  ReserveReleased: [
    {
      when: 'It is released, days later.',
      lines: releasedLines({ account: 'acct_1', amount: '1000', currency: 'USD' }),
    },
  ],
} as const;
