import type { RefundFacts } from './facts';
import type { PayoutFacts } from './payout-facts';
import { showRefund, tellRefund } from './show-payment';
import { showPayout, tellPayout } from './show-payout';

const refund = { id: 're_1', amount: '1', status: 'pending' } as RefundFacts;
const payout = { id: 'po_1', amount: '1', sendsAt: '2026-01-06T00:00:00.000Z' } as PayoutFacts;

describe('members that do not apply', () => {
  it('are null, and not absent', () => {
    expect(showRefund(refund)).toMatchObject({ application_fee_refunded: null, transfer_reversed: null });
    expect(showPayout(payout)).toMatchObject({ automatic: false, connected_account: null });
  });

  it('are left out of events, whose shape was published so', () => {
    for (const member of ['application_fee_refunded', 'transfer_reversed'])
      expect(tellRefund(refund)).not.toHaveProperty(member);
    for (const member of ['automatic', 'connected_account'])
      expect(tellPayout(payout)).not.toHaveProperty(member);
    const applied = { ...refund, applicationFeeRefunded: '0', transferReversed: '3' };
    expect(tellRefund(applied)).toMatchObject({ application_fee_refunded: '0', transfer_reversed: '3' });
    const own = { ...payout, connectedAccount: 'acct_1', isAutomatic: true } as const;
    expect(tellPayout(own)).toMatchObject({ automatic: true, connected_account: 'acct_1' });
  });
});
