import { ConnectJournal } from '../../../testing/connect/connect-journal';
import { metadataOf } from '../../../testing/metadata-of';
import type { ConnectCommand, CreateConnectedAccount } from './commands';
import type { ConnectEvent } from './events';
import { evolveConnect } from './evolve';
import type { ConnectRecord } from './records';
import { isIban, plainIban } from '@fintech-ledger/payments/domain';
import { showConnectedAccount } from './show';

const sealed = (what: string): string => `sealed:1:connected_account.${what}:sub_1:aa`;
const manual = {
  delayDays: 2,
  interval: 'manual',
  minimumAmount: null,
  monthlyAnchor: null,
  weeklyAnchor: null,
} as const;
const created: CreateConnectedAccount = {
  type: 'CreateConnectedAccount',
  accountId: 'acct_1',
  accountType: 'individual',
  businessProfile: null,
  capabilities: ['payments'],
  country: 'DE',
  defaultCurrency: 'EUR',
  email: sealed('email'),
  livemode: false,
  metadata: { shop: '1' },
  payoutSchedule: manual,
  reserve: null,
  subject: 'sub_1',
};
const company: CreateConnectedAccount = { ...created, accountType: 'company' };
const of = { accountId: 'acct_1' };
const bank = { accountHolder: sealed('account_holder'), iban: sealed('iban') };
const person = {
  address: sealed('address'),
  birthDate: sealed('birth_date'),
  firstName: sealed('first_name'),
  lastName: sealed('last_name'),
};
const all: ConnectCommand = {
  type: 'ProvideRequirements',
  ...of,
  bankAccount: bank,
  individual: person,
  isTosAccepted: true,
};
const update = (more: object): ConnectCommand => ({ type: 'UpdateConnectedAccount', ...of, ...more });
const add: ConnectCommand = { type: 'AddBankAccount', ...of, ...bank };
const suspend: ConnectCommand = { type: 'SuspendConnectedAccount', ...of };
const reinstate: ConnectCommand = { type: 'ReinstateConnectedAccount', ...of };
const close: ConnectCommand = { type: 'CloseConnectedAccount', ...of };
const erase: ConnectCommand = { type: 'EraseConnectedAccount', ...of };
const given = (...commands: readonly ConnectCommand[]): ConnectJournal => new ConnectJournal(commands);
const shown = (...commands: readonly ConnectCommand[]) => {
  const data = given(...commands).events.at(-1)?.data;
  if (data === undefined || !('connectedAccount' in data)) throw new Error('nothing happened');
  return showConnectedAccount(data.connectedAccount);
};

const folded = (events: readonly ConnectEvent[]): ReadonlyMap<string, ConnectRecord> => {
  const records = new Map<string, ConnectRecord>();
  for (const event of events)
    for (const { key, record } of evolveConnect(records, event)) records.set(key, record);
  return records;
};

describe('a connected account', () => {
  it('is made as asked for', () => {
    given()
      .when(created)
      .then({
        type: 'ConnectedAccountCreated',
        data: { connectedAccount: { id: 'acct_1', status: 'active', type: 'individual', bankAccounts: [] } },
      });
    given()
      .when({ ...created, defaultCurrency: 'QQQ' })
      .thenRefused('unknown_currency', '/default_currency');
    given()
      .when({ ...created, defaultCurrency: 'DEM' })
      .thenRefused('withdrawn_currency', '/default_currency');
  });

  it('is changed where it is said, and null unsets', () => {
    const reserve = { days: 90, rollingBps: 1_000 };
    given(created)
      .when(update({ email: null, reserve, metadata: { shop: null, vip: 'yes' } }))
      .then({
        type: 'ConnectedAccountUpdated',
        data: { connectedAccount: { email: null, reserve, metadata: { vip: 'yes' } } },
      });
    given(created)
      .when(update({ metadata: null }))
      .then({ type: 'ConnectedAccountUpdated', data: { connectedAccount: { metadata: {} } } });
    given(created)
      .when(update({ email: created.email }))
      .then();
  });

  it('has at most 50 keys of metadata, and one of earlier that has more may only have fewer', () => {
    for (const count of [50, 60]) {
      const earlier = given({ ...created, metadata: metadataOf(count) });
      earlier.when(update({ metadata: { new: 'v' } })).thenRefused('metadata_limit', '/metadata');
      earlier.when(update({ metadata: { k0: null } })).then({ type: 'ConnectedAccountUpdated' });
      earlier.when(update({ email: null })).then({ type: 'ConnectedAccountUpdated' });
    }
  });

  it('has a schedule whose anchor is of its interval', () => {
    const wrong = [
      ['weeklyAnchor', { ...manual, weeklyAnchor: 'friday' }, '/payout_schedule/weekly_anchor'],
      [
        'monthlyAnchor',
        { ...manual, interval: 'weekly', monthlyAnchor: 31 },
        '/payout_schedule/monthly_anchor',
      ],
    ] as const;
    for (const [, payoutSchedule, param] of wrong) {
      given(created).when(update({ payoutSchedule })).thenRefused('payout_schedule_invalid', param);
      given()
        .when({ ...created, payoutSchedule })
        .thenRefused('payout_schedule_invalid', param);
    }
    const payoutSchedule = { ...manual, interval: 'monthly', monthlyAnchor: 31 };
    given(created)
      .when(update({ payoutSchedule }))
      .then(
        { type: 'PayoutScheduleSet', data: { schedule: { owner: 'acct_1', monthlyAnchor: 31 } } },
        { type: 'ConnectedAccountUpdated' },
      );
  });

  it('says what it has to give, in parts or at once, and its capabilities are active after that', () => {
    expect(shown(created).requirements).toEqual({
      currently_due: [
        'individual.first_name',
        'individual.last_name',
        'individual.birth_date',
        'individual.address',
        'bank_account',
        'tos_acceptance',
      ],
      disabled_reason: 'requirements_due',
    });
    const { firstName } = person;
    const part: ConnectCommand = { type: 'ProvideRequirements', ...of, individual: { firstName } };
    expect(shown(created, part).requirements.currently_due).toHaveLength(5);
    expect(shown(created, part).capabilities).toEqual({
      payments: { requested: true, status: 'inactive' },
      payouts: { requested: false, status: 'inactive' },
    });
    expect(shown(created, part, all)).toMatchObject({
      requirements: { currently_due: [], disabled_reason: null },
      capabilities: { payments: { status: 'active' }, payouts: { status: 'inactive' } },
      tos_accepted_at: '2026-01-05T12:00:00.000Z',
    });
    expect(shown({ ...created, livemode: true }, all)).toMatchObject({
      requirements: { currently_due: [], disabled_reason: 'pending_verification' },
      capabilities: { payments: { status: 'pending' }, payouts: { status: 'inactive' } },
    });
    expect(shown(company).requirements.currently_due).toEqual([
      'company.name',
      'company.registration_number',
      'company.address',
      'bank_account',
      'tos_acceptance',
    ]);
  });

  it('gives what is asked of its type, and accepts the terms', () => {
    given(company).when(all).thenRefused('requirement_invalid', '/individual');
    given(created)
      .when({ type: 'ProvideRequirements', ...of, company: {} })
      .thenRefused('requirement_invalid', '/company');
    given(created)
      .when({ type: 'ProvideRequirements', ...of, isTosAccepted: false })
      .thenRefused('requirement_invalid', '/tos_acceptance/accepted');
  });

  it('has at most ten bank accounts, of which one is the default', () => {
    given(created, add)
      .when(add)
      .then({
        type: 'ConnectedAccountUpdated',
        data: {
          connectedAccount: {
            bankAccounts: [
              { id: 'ba_1', isDefault: true },
              { id: 'ba_2', isDefault: false },
            ],
          },
        },
      });
    given(created, add, add)
      .when({ type: 'MakeBankAccountDefault', ...of, bankAccountId: 'ba_2' })
      .then({
        type: 'ConnectedAccountUpdated',
        data: { connectedAccount: { bankAccounts: [{ isDefault: false }, { isDefault: true }] } },
      });
    given(created, add)
      .when({ type: 'MakeBankAccountDefault', ...of, bankAccountId: 'ba_1' })
      .then();
    given(created)
      .when({ type: 'MakeBankAccountDefault', ...of, bankAccountId: 'ba_1' })
      .thenRefused('bank_account_not_found');
    const ten = Array.from({ length: 10 }, () => add);
    given(created, ...ten)
      .when(add)
      .thenRefused('too_many_bank_accounts');
    given(created, ...ten)
      .when(all)
      .thenRefused('too_many_bank_accounts');
  });

  it('of a live environment is verified by who runs it, and again once it gives something more', () => {
    const live = { ...created, livemode: true };
    const verify: ConnectCommand = { type: 'VerifyConnectedAccount', ...of };
    const state = 'connected_account_unexpected_state';
    given(created, all).when(verify).thenRefused(state);
    given(live).when(verify).thenRefused(state);
    given(live, all)
      .when(verify)
      .then({
        type: 'ConnectedAccountVerified',
        data: { connectedAccount: { verifiedAt: '2026-01-05T12:00:00.000Z' } },
      });
    given(live, all, verify).when(verify).thenRefused(state);
    const shownAfter = (...more: readonly ConnectCommand[]): unknown => shown(live, all, verify, ...more);
    const active = {
      capabilities: { payments: { status: 'active' } },
      requirements: { disabled_reason: null },
      verified_at: '2026-01-05T12:00:00.000Z',
    };
    expect(shownAfter()).toMatchObject(active);
    // What it had given before, and what is not checked, changes nothing of it.
    expect(shownAfter(update({ metadata: { a: '1' } }))).toMatchObject(active);
    expect(shownAfter(suspend, reinstate)).toMatchObject(active);
    const other: ConnectCommand = {
      type: 'ProvideRequirements',
      ...of,
      individual: { lastName: `${sealed('last_name')}b` },
    };
    for (const change of [add, other]) {
      expect(shownAfter(change)).toMatchObject({ requirements: { disabled_reason: 'pending_verification' } });
      expect(shownAfter(change)).not.toHaveProperty('verified_at');
      expect(shownAfter(change, verify)).toMatchObject(active);
    }
    given(live, all, verify)
      .when({ type: 'ProvideRequirements', ...of, individual: person })
      .then();
  });

  it('is suspended, reinstated and closed, and does not change after that', () => {
    given(created, all)
      .when(suspend)
      .then({ type: 'ConnectedAccountSuspended', data: { connectedAccount: { status: 'suspended' } } });
    expect(shown(created, all, suspend)).toMatchObject({
      requirements: { currently_due: [], disabled_reason: 'suspended' },
      capabilities: { payments: { status: 'inactive' } },
      suspended_at: '2026-01-05T12:00:00.000Z',
    });
    given(created, suspend).when(suspend).thenRefused('connected_account_unexpected_state');
    given(created).when(reinstate).thenRefused('connected_account_unexpected_state');
    given(created, suspend)
      .when(reinstate)
      .then({
        type: 'ConnectedAccountReinstated',
        data: { connectedAccount: { status: 'active', suspendedAt: null } },
      });
    given(created)
      .when(close)
      .then({ type: 'ConnectedAccountClosed', data: { connectedAccount: { status: 'closed' } } });
    for (const command of [update({}), all, add, suspend, reinstate, close])
      given(created, close).when(command).thenRefused('connected_account_unexpected_state');
    for (const command of [update({}), all, add, suspend, reinstate, close])
      given().when(command).thenRefused('connected_account_not_found');
  });

  it('that is closed is erased, once: nothing of it is sealed then, and nothing is due', () => {
    const live = { ...created, livemode: true };
    const verify: ConnectCommand = { type: 'VerifyConnectedAccount', ...of };
    const profile = { name: 'Rosen Flowers', productDescription: null, url: null };
    const ended = [live, update({ businessProfile: profile }), all, add, verify, close];
    const kept = { accountHolder: null, iban: null, createdAt: '2026-01-05T12:00:00.000Z' };
    given(...ended)
      .when(erase)
      .then({
        type: 'ConnectedAccountErased',
        data: {
          connectedAccount: {
            ...{ businessProfile: profile, email: null, metadata: { shop: '1' }, status: 'closed' },
            bankAccounts: [
              { ...kept, isDefault: true },
              { ...kept, isDefault: false },
            ],
            company: { address: null, name: null, registrationNumber: null },
            erasedAt: '2026-01-05T12:00:00.000Z',
            individual: { address: null, birthDate: null, firstName: null, lastName: null },
            tosAcceptedAt: '2026-01-05T12:00:00.000Z',
            verifiedAt: '2026-01-05T12:00:00.000Z',
          },
          erasedSubject: 'sub_1',
        },
      });
    expect(JSON.stringify(given(...ended, erase).events.at(-1))).not.toContain('sealed:');
    expect(shown(...ended, erase)).toMatchObject({
      requirements: { currently_due: [], disabled_reason: 'closed' },
      erased_at: '2026-01-05T12:00:00.000Z',
    });
    expect(shown(...ended)).not.toHaveProperty('erased_at');
    given(company, close).when(erase).then({ type: 'ConnectedAccountErased' });
    given(...ended, erase)
      .when(erase)
      .thenRefused('connected_account_erased');
    for (const command of [update({}), all, add, suspend, reinstate, close])
      given(created, close, erase).when(command).thenRefused('connected_account_unexpected_state');
  });

  it('is not erased before it is closed, and is shown as it is then', () => {
    given().when(erase).thenRefused('connected_account_not_found');
    for (const history of [[created], [created, suspend], [created, suspend, reinstate]]) {
      given(...history)
        .when(erase)
        .thenRefused('account_not_closed');
      expect(given(...history).decide(erase)).toMatchObject({
        kind: 'refused',
        refusal: { objects: { connected_account: { id: 'acct_1', email: sealed('email') } } },
      });
    }
  });

  it('is erased once, and after it was closed: other events contradict it', () => {
    const { events } = given(created, close, erase);
    const [made, over, gone] = events as readonly ConnectEvent[];
    for (const order of [
      [gone],
      [made, gone],
      [made, over, over],
      [made, over, gone, gone],
      [made, over, gone, over],
    ])
      expect(() => folded(order as readonly ConnectEvent[])).toThrow('acct_1');
    expect(folded([made, over, gone] as readonly ConnectEvent[]).size).toBe(1);
  });
});

describe('an IBAN', () => {
  it.each(['DE89 3704 0044 0532 0130 00', 'gb82 west 1234 5698 7654 32', 'MT84MALT011000012345MTLCAST001S'])(
    'is %s',
    (text) => expect(isIban(plainIban(text))).toBe(true),
  );
  it.each(['DE88 3704 0044 0532 0130 00', 'DE89', '', 'DE89370400440532013O0Z', `DE89${'0'.repeat(40)}`])(
    'is not %s',
    (text) => expect(isIban(plainIban(text))).toBe(false),
  );
});
