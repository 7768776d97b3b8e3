import { revision } from '@fintech-ledger/event-store';
import type { CommandGateway, CommandOutcome } from '@fintech-ledger/journal';
import type { PaymentCommand } from '@fintech-ledger/payments/domain';
import { paymentsPart } from '../payments-part';
import { LedgerCommands } from './ledger-commands';
import type { PaymentsLedgers } from './payments-ledgers';

const [from, to] = ['2026-01-01T00:00:00.000Z', '2026-02-01T00:00:00.000Z'];
const nothing = { minimumAmount: null, monthlyAnchor: null, weeklyAnchor: null } as const;
const schedule = { ...nothing, delayDays: 2, interval: 'manual' } as const;
/** Commands that change nothing where there is nothing, and what they are answered with. */
const unchanging: readonly (readonly [PaymentCommand, object])[] = [
  [
    { type: 'AdjustFees', fees: [], from, hasMore: false, livemode: false, rail: 'simulator', to },
    { object: 'fee_adjustments', from, to, data: [], has_more: false, livemode: false },
  ],
  [
    { type: 'SetPayoutSchedule', livemode: false, schedule },
    { object: 'payout_schedule', interval: 'manual', delay_days: 2, next_run_at: null, livemode: false },
  ],
];
const daily: PaymentCommand = {
  type: 'SetPayoutSchedule',
  livemode: false,
  schedule: { ...schedule, interval: 'daily' },
};

/** An environment without a payments ledger, and how often one was made. */
function setUp() {
  const made: string[] = [];
  const none = { kind: 'none', now: to, organizationId: 'sbx_1', revision: 4 };
  const ledgers = {
    find: () => Promise.resolve(none),
    of: (organization: string) => Promise.resolve({ id: `led_${made.push(organization)}` }),
  } as unknown as PaymentsLedgers;
  const answer = JSON.stringify({ position: 'led_1@1' });
  const recorded: CommandOutcome = { kind: 'accepted', answer, replayed: false, revision: revision(1) };
  const gateway = { submit: () => Promise.resolve(recorded) } as unknown as CommandGateway;
  const commands = new LedgerCommands(gateway, ledgers, paymentsPart);
  const submit = async (command: PaymentCommand, asked: object = {}): Promise<unknown> => {
    const who = { actor: 'key_1', correlationId: 'req_1', organizationId: 'sbx_1' };
    const { outcome } = await commands.submit(command, { ...who, dryRun: false, ...asked });
    return outcome.kind === 'accepted' ? JSON.parse(outcome.answer) : outcome;
  };
  return { made, submit };
}

describe.each(unchanging)('before there is a payments ledger, %o', (command, answer) => {
  it('is answered with what it would come to, where it is tried out', async () => {
    const { made, submit } = setUp();
    const tried = { ...answer, dry_run: true, position: 'sbx_1@4' };
    expect(await submit(command, { dryRun: true })).toMatchObject(tried);
    expect(await submit(command, { dryRun: true, idempotencyKey: 'k' })).toMatchObject(tried);
    expect(made).toEqual([]);
  });

  it('makes none, unless it has a key that is to be kept', async () => {
    const { made, submit } = setUp();
    const said = await submit(command);
    expect(said).toMatchObject({ ...answer, position: 'sbx_1@4' });
    expect([said, made]).toEqual([expect.not.objectContaining({ dry_run: true }), []]);
    expect(await submit(command, { idempotencyKey: 'k' })).toEqual({ position: 'led_1@1' });
    expect(made).toEqual(['sbx_1']);
  });
});

it('what is recorded makes a payments ledger', async () => {
  const { made, submit } = setUp();
  expect(await submit(daily, { dryRun: true })).toMatchObject({ interval: 'daily', dry_run: true });
  expect(made).toEqual([]);
  expect(await submit(daily)).toEqual({ position: 'led_1@1' });
  expect(made).toEqual(['sbx_1']);
});
