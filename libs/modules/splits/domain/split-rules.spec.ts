import { SplitsJournal } from '../../../testing/splits/splits-journal';
import type { CreateSplitRule, SplitCommand, UpdateSplitRule } from './commands';
import type { PartyFacts } from '@fintech-ledger/payments/domain';
import type { SplitRuleFacts } from './facts';
import { previewOf } from './preview';

const party = (id: string, more: Partial<PartyFacts>): PartyFacts => ({
  account: 'platform',
  fixedAmount: null,
  id,
  maxAmount: null,
  minAmount: null,
  remainder: false,
  role: 'partner',
  shareBps: null,
  ...more,
});
const thirds = [3334, 3333, 3333].map((shareBps, i) => party(`p${i}`, { shareBps }));
const rest = party('rest', { remainder: true });
const create = (parties: readonly PartyFacts[], more: Partial<CreateSplitRule> = {}): CreateSplitRule => ({
  ...{ type: 'CreateSplitRule', currency: 'USD', livemode: false, name: 'Rule', parties },
  ...more,
});
const update = (more: Partial<UpdateSplitRule>): UpdateSplitRule => ({
  type: 'UpdateSplitRule',
  ruleId: 'spr_0',
  ...more,
});
const given = (...commands: readonly SplitCommand[]) => new SplitsJournal(commands);
const refusedFor = (...parties: readonly PartyFacts[]) => ({
  with: (code: string, param: string) => given().when(create(parties)).thenRefused(code, param),
});

describe('a split rule', () => {
  it('is made as asked for, and each change is the next version', () => {
    const splitRule = { id: 'spr_0', name: 'Rule', parties: thirds, version: 1 };
    given().when(create(thirds)).then({ type: 'SplitRuleCreated', data: { splitRule } });
    given(create(thirds), update({ name: 'Other' }))
      .when(update({ currency: null }))
      .then({
        type: 'SplitRuleUpdated',
        data: { splitRule: { ...splitRule, name: 'Other', currency: null, version: 3 } },
      });
  });

  it('has no next version where nothing changes', () => {
    given(create(thirds))
      .when(update({ name: 'Rule', parties: thirds }))
      .then();
  });

  it('is refused by the currency, the party and the account, and changes nothing then', () => {
    given()
      .when(create(thirds, { currency: 'QQQ' }))
      .thenRefused('unknown_currency', '/currency');
    given()
      .when(create(thirds, { currency: 'DEM' }))
      .thenRefused('withdrawn_currency', '/currency');
    given(create(thirds))
      .when(update({ ruleId: 'spr_1' }))
      .thenRefused('split_rule_not_found');
    given(create(thirds))
      .when(update({ parties: [rest, rest] }))
      .thenRefused('split_invalid', '/parties/1/id');
    refusedFor(rest, party('x', { account: 'acct_1', shareBps: 1 })).with(
      'unknown_split_account',
      '/parties/1/account',
    );
  });
});

describe('parties that are no split', () => {
  it('name the one that contradicts', () => {
    const share = (shareBps: number) => party(`s${shareBps}`, { shareBps });
    refusedFor(rest, { ...rest }).with('split_invalid', '/parties/1/id');
    refusedFor(rest, party('r2', { remainder: true })).with('split_invalid', '/parties/1/remainder');
    for (const bps of [-1, 10_001])
      refusedFor(rest, share(bps)).with('split_invalid', '/parties/1/share_bps');
    refusedFor(share(6000), share(4001), rest).with('split_invalid', '/parties/1/share_bps');
    refusedFor(rest, party('x', {})).with('split_invalid', '/parties/1');
    refusedFor(rest, party('x', { shareBps: 1, fixedAmount: '1' })).with('split_invalid', '/parties/1');
    refusedFor({ ...rest, minAmount: '1' }).with('split_invalid', '/parties/0/remainder');
    const crossed = { minAmount: '2', maxAmount: '1' };
    refusedFor(rest, party('x', { shareBps: 1, ...crossed })).with('split_invalid', '/parties/1/min_amount');
    for (const bound of [{ minAmount: '31' }, { maxAmount: '29' }])
      refusedFor(rest, party('x', { fixedAmount: '30', ...bound })).with(
        'split_invalid',
        '/parties/1/fixed_amount',
      );
  });

  it('are incomplete without one that gets the remainder', () => {
    const all = party('all', { shareBps: 10_000 });
    refusedFor(party('x', { shareBps: 9999 })).with('split_incomplete', '/parties');
    refusedFor(all, party('x', { fixedAmount: '1' })).with('split_incomplete', '/parties/1/fixed_amount');
    refusedFor({ ...all, minAmount: '1' }).with('split_incomplete', '/parties/0/min_amount');
    refusedFor({ ...all, maxAmount: '1' }).with('split_incomplete', '/parties/0/max_amount');
  });
});

describe('a preview', () => {
  const rule = (parties: readonly PartyFacts[]): SplitRuleFacts => ({
    ...{
      createdAt: '',
      currency: null,
      id: 'spr_0',
      livemode: false,
      name: 'Rule',
      updatedAt: '',
      version: 4,
    },
    parties,
  });

  it('shows what each party gets, and what refunds take back', () => {
    expect(previewOf(rule(thirds), 100n, [50n, 50n])).toMatchObject({
      version: 4,
      shares: [
        {
          party: 'p0',
          amount: '34',
          floor: '33',
          remainder_rank: 1,
          exact: { numerator: '1667', denominator: '50' },
        },
        { party: 'p1', amount: '33', floor: '33', remainder_rank: 2 },
        { party: 'p2', amount: '33', floor: '33', remainder_rank: 3 },
      ],
      refunds: [
        { amount: '50', total: '50', shares: [{ amount: '17' }, { amount: '17' }, { amount: '16' }] },
        {
          ...{ amount: '50', total: '100' },
          shares: [
            { amount: '17', refunded: '34' },
            { amount: '16', refunded: '33' },
            { amount: '17', refunded: '33' },
          ],
        },
      ],
    });
  });

  it('is refused where there is not enough', () => {
    const short = previewOf(rule([rest, party('x', { fixedAmount: '30' })]), 29n, []);
    expect(short).toMatchObject({ code: 'split_invalid', param: '/parties/1' });
    expect(previewOf(rule([rest]), 29n, [20n, 10n])).toMatchObject({ code: 'refund_exceeded' });
  });
});
