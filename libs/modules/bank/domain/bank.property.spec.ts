import { insist } from '../../../testing/insist';
import { seededRandom } from '../../../testing/faults/seeded-random';
import { seedOf } from '../../../testing/seed';
import { PaymentsJournal } from '../../../testing/payments/payments-journal';
import {
  bankTransferRail,
  batchOf,
  creditorReference,
  paymentEvents,
  railEffectsOf,
} from '@fintech-ledger/payments/domain';
import type {
  PaymentEvent,
  PaymentFacts,
  PaymentRecord,
  PayoutFacts,
  PayoutRecord,
  RefundRecord,
} from '@fintech-ledger/payments/domain';
import { createHash } from 'node:crypto';
import type { ImportBankLines, NewLine } from './commands';
import { lineIdOf } from './decide-import';
import type { BankLineFacts } from './facts';
import type { BankLineRecord } from './records';

// BANK_SEED repeats a run, BANK_RUNS makes more of them.
const seed = seedOf('BANK_SEED');
const runs = Number(process.env['BANK_RUNS'] ?? 40);
const stepsEach = 120;
/** Another one for each payment, as the rail makes them. */
const transferReference = (payment: string): string =>
  creditorReference(createHash('sha256').update(payment).digest('hex').slice(0, 16).toUpperCase());
const iban = 'DE89370400440532013000';
const currency = 'EUR';
const bookedOn = '2026-01-05';

/** Payments by bank, statements with right and wrong lines, and people who match, return and cancel. */
class Run {
  readonly journal = new PaymentsJournal();
  private nowMs = Date.parse(this.journal.now);
  private lineCount = 0;
  private statements = 0;
  private balance = 0n;
  private imported: ImportBankLines[] = [];

  constructor(private readonly random: () => number) {
    this.journal.storesAllDue = random() < 0.5;
    const own = { accountHolder: 'Example Shop Ltd', bic: null, currency, iban };
    const payee = { ...own, iban: 'DE02120300000000202051', purpose: 'payout' } as const;
    this.submit({ type: 'PutBankAccounts', accounts: [own, payee] });
  }

  step(): void {
    const chance = this.random();
    if (chance < 0.25) this.create();
    else if (chance < 0.55) this.statement();
    else if (chance < 0.6) this.again();
    else if (chance < 0.68) this.refund();
    else if (chance < 0.76) this.match();
    else if (chance < 0.8) this.apportion();
    else if (chance < 0.85) this.return();
    else if (chance < 0.88) this.notCarriedOut();
    else if (chance < 0.91) this.cancel();
    else if (chance < 0.95) this.payOut();
    else this.advance();
  }

  private pick<T>(from: readonly T[]): T | undefined {
    return from[Math.floor(this.random() * from.length)];
  }
  private amount = (): bigint => BigInt(1 + Math.floor(this.random() * 20_000));
  private of<T>(kind: string): readonly T[] {
    return [...this.journal.records.values()].filter((record) => record.kind === kind) as unknown as T[];
  }
  get payments(): readonly PaymentFacts[] {
    return this.of<PaymentRecord>('payment').map(({ payment }) => payment);
  }
  get lines(): readonly BankLineFacts[] {
    return this.of<BankLineRecord>('bank_line').map(({ line }) => line);
  }
  get payouts(): readonly PayoutFacts[] {
    return this.of<PayoutRecord>('payout').map(({ payout }) => payout);
  }
  get refunds() {
    return this.of<RefundRecord>('refund').map(({ refund }) => refund);
  }

  /** What rails are called for is answered at once: losing that is what the property of payments is about. */
  private answered(events: readonly PaymentEvent[]): void {
    for (const event of events.filter(({ type }) => paymentEvents.names.includes(type)))
      for (const { kind, key, data } of railEffectsOf(event)) {
        const railReference = transferReference(data.payment);
        const expiresAt = new Date(this.nowMs + 14 * 86_400_000).toISOString();
        const outcome =
          kind === 'authorize'
            ? ({ kind: 'requires_transfer', railReference, expiresAt } as const)
            : ({ kind: 'pending', railReference, isTold: true } as const);
        const refund = 'refund' in data ? data.refund : null;
        this.submit({ type: 'RecordRailOutcome', call: key, outcome, payment: data.payment, refund });
      }
  }
  private submit(command: Parameters<PaymentsJournal['submit']>[0]) {
    const decision = this.journal.submit(command);
    if (decision.kind === 'decided') this.answered(decision.events);
    return decision;
  }

  private create(): void {
    this.submit({
      type: 'CreatePayment',
      ...{ amount: String(this.amount()), captureMethod: 'automatic', confirm: true, currency },
      ...{ customer: null, description: null, livemode: false, metadata: {}, offSession: false },
      ...{ paymentMethod: null, rail: bankTransferRail, returnUrl: null, transferGroup: null },
    });
  }

  private statement(): void {
    const lines = Array.from({ length: Math.floor(this.random() * 4) }, () => this.line());
    this.statements += 1;
    const moved = lines.reduce(
      (sum, { amount, direction }) => (direction === 'credit' ? sum + BigInt(amount) : sum - BigInt(amount)),
      0n,
    );
    const statement = {
      ...{ currency, digest: `d${this.statements}`, from: null, iban, to: null, livemode: false },
      ...{ id: `bst_${this.statements}`, lines: lines.length, statementId: `${this.statements}` },
      openingBalance: String(this.balance),
      closingBalance: String(this.balance + moved),
    };
    this.balance += moved;
    // In one part or in several, as an import that was interrupted.
    const cut = Math.floor(this.random() * (lines.length + 1));
    for (const [from, part] of [
      [0, lines.slice(0, cut)],
      [cut, lines.slice(cut)],
    ] as const) {
      if (part.length === 0 && lines.length > 0) continue;
      const command: ImportBankLines = { type: 'ImportBankLines', from, lines: part, place: '/', statement };
      const decision = this.submit(command);
      insist(decision.kind === 'decided', () => JSON.stringify(decision));
      this.imported.push(command);
    }
  }

  private line(): NewLine {
    const subject = `sub_${(this.lineCount += 1)}`;
    const line: NewLine = {
      ...{ amount: String(this.amount()), bankReference: null, bookedOn, direction: 'credit', subject },
      ...{ endToEndId: null, named: null, origin: null, partyIban: 'sealed:1:x', partyName: null },
      ...{ reference: null, remittance: null, valueOn: null },
    };
    const payment = this.pick(this.payments);
    const chance = this.random();
    if (chance < 0.5 && payment !== undefined) {
      const share = this.pick([1n, 1n, 2n, 3n]) ?? 1n;
      const amount = BigInt(payment.amount) / share + (this.random() < 0.2 ? this.amount() : 0n);
      return {
        ...line,
        amount: String(amount > 0n ? amount : 1n),
        reference: transferReference(payment.id),
      };
    }
    if (chance < 0.6 && payment !== undefined) return { ...line, amount: payment.amount, named: payment.id };
    const refund = this.pick(this.refunds);
    if (chance < 0.75 && refund !== undefined) {
      const isBack = refund.status === 'succeeded' && this.random() < 0.3;
      const amount = this.random() < 0.9 ? refund.amount : String(this.amount());
      return { ...line, amount, direction: isBack ? 'credit' : 'debit', origin: refund.id };
    }
    const payout = this.pick(this.payouts.filter(({ railReference }) => railReference !== null));
    if (chance < 0.83 && payout !== undefined) {
      const isBack = payout.status === 'paid' && this.random() < 0.5;
      const amount = this.random() < 0.9 ? payout.amount : String(this.amount());
      return { ...line, amount, direction: isBack ? 'credit' : 'debit', origin: payout.id };
    }
    const returned = this.pick(this.lines.filter(({ status }) => status === 'returned'));
    if (chance < 0.9 && returned !== undefined) {
      const amount = returned.matches.find(({ object }) => object === returned.id)?.amount ?? '1';
      return { ...line, amount, direction: 'debit', origin: returned.id };
    }
    return {
      ...line,
      direction: this.random() < 0.7 ? 'credit' : 'debit',
      reference: this.random() < 0.2 ? 'RF18539007547034' : null,
    };
  }

  /** The same file once more: nothing changes. */
  private again(): void {
    const command = this.pick(this.imported);
    if (command === undefined) return;
    const decision = this.submit(command);
    insist(
      decision.kind === 'decided' && decision.events.length === 0,
      () => 'an import again changes something',
    );
  }

  private refund(): void {
    const payment = this.pick(this.payments.filter(({ status }) => status === 'succeeded'));
    if (payment === undefined) return;
    const amount = String(1n + (this.amount() % BigInt(payment.amount)));
    this.submit({ type: 'CreateRefund', paymentId: payment.id, amount, metadata: {}, reason: null });
  }
  private match(): void {
    const [line, payment, refund] = [
      this.pick(this.lines),
      this.pick(this.payments),
      this.pick(this.refunds),
    ];
    const late = this.pick(this.lines.filter((each) => this.isLate(each)));
    if (late !== undefined && this.random() < 0.5)
      return void this.submit({ type: 'MatchBankLine', lineId: late.id, object: late.origin ?? '' });
    const returned = this.pick(this.lines.filter(({ status }) => status === 'returned'));
    const other = this.pick([refund?.id, this.pick(this.payouts)?.id, returned?.id]);
    const object = this.random() < 0.8 ? payment?.id : other;
    if (line !== undefined && object !== undefined)
      this.submit({ type: 'MatchBankLine', lineId: line.id, object });
  }
  /** A line, or a part of it, is for some objects of any state, and what it differs by is a fee; or it is own. */
  private apportion(): void {
    const line = this.pick(this.lines.filter(({ status }) => status === 'parked'));
    if (line === undefined) return;
    const isCredit = line.direction === 'credit';
    const open = [
      ...this.payments.filter(({ status }) => isCredit && status === 'requires_action'),
      ...this.refunds.filter(({ status }) => status === (isCredit ? 'succeeded' : 'pending')),
      ...this.payouts.filter(({ status }) => status === (isCredit ? 'paid' : 'in_transit')),
    ];
    const own = this.pick([null, null, null, null, 'fee', 'interest'] as const) ?? null;
    const some = [this.pick(open), this.pick(open), this.pick(open)].filter(() => this.random() < 0.6);
    const objects = own === null ? some.flatMap((each) => each ?? []) : [];
    if (objects.length === 0 && own === null) return;
    const amount = this.random() < 0.2 ? this.amount() : BigInt(line.left);
    const sum = objects.reduce((total, each) => total + BigInt(each.amount), 0n);
    const difference = amount - sum + (this.random() < 0.1 ? 1n : 0n);
    this.submit({
      ...{ type: 'ApportionBankLine', lineId: line.id, amount: String(amount), isList: true, own },
      ...{ description: this.random() < 0.5 ? 'Says the bank' : null, difference: String(difference) },
      objects: objects.map(({ id }) => id),
    });
  }
  /** It names what was declared failed. */
  private isLate({ direction, origin, status }: BankLineFacts): boolean {
    const all = [...this.refunds, ...this.payouts];
    const isFailed = all.some((each) => each.id === origin && each.status === 'failed');
    return status === 'parked' && direction === 'debit' && isFailed;
  }
  private return(): void {
    const line = this.pick(this.lines.filter(({ status }) => status === 'parked'));
    if (line !== undefined) this.submit({ type: 'ReturnBankLine', lineId: line.id });
  }
  /** The bank has not carried it out. */
  private notCarriedOut(): void {
    const returned = this.pick(this.lines.filter(({ status }) => status === 'returned'));
    if (returned !== undefined && this.random() < 0.5)
      return void this.submit({ type: 'CancelBankReturn', lineId: returned.id });
    const refund = this.pick(this.refunds);
    const outcome = { kind: 'refund_failed', reason: 'rejected' } as const;
    if (refund !== undefined) this.submit({ type: 'ResolveRailCall', outcome, refundId: refund.id });
  }
  /** Of what is available, and once in a while of more; some are taken back, or not taken by the bank. */
  private payOut(): void {
    const payout = this.pick(this.payouts);
    const chance = this.random();
    if (payout !== undefined && chance < 0.15)
      return void this.submit({ type: 'CancelPayout', payoutId: payout.id });
    if (payout !== undefined && chance < 0.25) {
      const outcome = { kind: 'pay_out_failed', failureCode: 'rejected', message: 'Rejected.' } as const;
      return void this.submit({ type: 'ResolvePayout', outcome, payoutId: payout.id });
    }
    const available = this.journal.balance(`payments:platform:available:${currency}`);
    const amount = String(1n + (available > 0n ? this.amount() % available : 0n));
    const of = { amount, bankAccount: null, currency, description: null, livemode: false, metadata: {} };
    this.submit({ type: 'CreatePayout', ...of });
  }
  private cancel(): void {
    const payment = this.pick(this.payments);
    if (payment !== undefined)
      this.submit({ type: 'CancelPayment', paymentId: payment.id, cancellationReason: null });
  }
  private advance(): void {
    this.nowMs += this.random() * 5 * 86_400_000;
    this.journal.advance(this.nowMs);
  }

  check(): void {
    const at = (name: string): bigint => this.journal.balance(`payments:${name}:${currency}`);
    const signed = this.lines.map(({ amount, direction, left }) => {
      const sign = direction === 'credit' ? 1n : -1n;
      return { amount: sign * BigInt(amount), left: sign * BigInt(left) };
    });
    const sum = (values: readonly bigint[]): bigint => values.reduce((total, value) => total + value, 0n);
    const same = (what: string, one: bigint, other: bigint): void =>
      insist(one === other, () => `${what}: ${one} is not ${other}`);
    same('the bank is what statements say', at('bank'), sum(signed.map(({ amount }) => amount)));
    same('the bank ends as the last statement', at('bank'), this.balance);
    same(
      'what is not applied is what is left of lines',
      at('unapplied'),
      sum(signed.map(({ left }) => left)),
    );
    const others =
      at('platform:available') +
      at('platform:pending') +
      at('refunds_in_transit') +
      at('platform:in_transit');
    same('the bank is what is owed', at('bank'), others + at('unapplied'));
    const leaving = this.refunds
      .filter(({ status }) => status === 'pending')
      .map(({ amount }) => BigInt(amount));
    const goingBack = this.lines
      .filter(({ returnedAt, status }) => status === 'returned' && returnedAt === null)
      .map(({ id, matches }) => BigInt(matches.find(({ object }) => object === id)?.amount ?? '0'));
    same('what is to leave is in transit', at('refunds_in_transit'), sum([...leaving, ...goingBack]));
    const charged = this.lines.flatMap(({ direction, matches }) =>
      matches.flatMap(({ amount, object }) => {
        const isOwn = object === 'fee' || object === 'interest';
        return isOwn ? [direction === 'debit' ? BigInt(amount) : -BigInt(amount)] : [];
      }),
    );
    const costs = at('expenses:bank_charges') - at('revenue:bank_interest');
    same('what lines are own of is what banks have taken', costs, sum(charged));
    same('it is no part of the balance', at('platform:result'), costs);
    same('nothing is on clearing', at(`rails:${bankTransferRail}:clearing`), 0n);
    this.checkPayouts(at('platform:in_transit'));
    for (const line of this.lines) this.checkLine(line);
    for (const payment of this.payments) this.checkPayment(payment);
  }

  /** What is in transit is not paid yet, and each payout that was sent is in one batch, which has it for ever. */
  private checkPayouts(inTransit: bigint): void {
    const under = this.payouts.filter(({ status }) => status === 'pending' || status === 'in_transit');
    const due = under.reduce((sum, { amount }) => sum + BigInt(amount), 0n);
    insist(inTransit === due, () => `${inTransit} is in transit, payouts under way come to ${due}`);
    const made = this.journal.events.flatMap((event) =>
      event.type === 'PayoutBatchMade' ? [event.data.payoutBatch] : [],
    );
    const ids = made.map(({ id }) => id);
    insist(new Set(ids).size === ids.length, () => `a batch is made twice: ${ids.join(', ')}`);
    for (const batch of made) {
      const of = this.payouts.filter((payout) => batchOf(payout) === batch.id);
      const sum = of.reduce((total, { amount }) => total + BigInt(amount), 0n);
      insist(of.length === batch.count, () => `${batch.id} has ${batch.count}, and ${of.length} name it`);
      insist(
        String(sum) === batch.amount,
        () => `${batch.id} comes to ${batch.amount}, its payouts to ${sum}`,
      );
    }
    for (const payout of this.payouts) {
      const batch = batchOf(payout);
      insist(batch === null || ids.includes(batch), () => `${payout.id} is sent without a batch`);
      const paid = this.lines.flatMap(({ direction, matches }) =>
        matches.filter(({ object }) => object === payout.id).map(() => (direction === 'debit' ? 1 : -1)),
      );
      const times = paid.reduce((sum, each) => sum + each, 0);
      insist(
        times === (payout.status === 'paid' ? 1 : 0),
        () => `${payout.id} is ${payout.status}: ${times}`,
      );
    }
  }

  private checkLine({ amount, id, left, matches, payment, status, subject }: BankLineFacts): void {
    const used = matches.reduce((sum, match) => sum + BigInt(match.amount), 0n);
    insist(id === lineIdOf(subject), () => `${id} is not of ${subject}`);
    insist(used + BigInt(left) === BigInt(amount), () => `${id}: ${used} and ${left} are not ${amount}`);
    insist((status === 'parked') === (left !== '0'), () => `${id} is ${status}, ${left} is left`);
    insist(
      payment === null || status === 'parked',
      () => `${id} is ${status} and waits for ${payment ?? ''}`,
    );
  }

  private checkPayment({ amount, amountCaptured, id, status }: PaymentFacts): void {
    const of = this.lines.flatMap(({ matches }) => matches).filter(({ object }) => object === id);
    const paid = of.reduce((sum, match) => sum + BigInt(match.amount), 0n);
    insist(paid === BigInt(amountCaptured), () => `${id} has ${amountCaptured}, its lines ${paid}`);
    insist(
      status !== 'succeeded' || amount === amountCaptured,
      () => `${id} succeeded with ${amountCaptured}`,
    );
    const waiting = this.lines.filter(({ payment }) => payment === id);
    const parts = waiting.reduce((sum, { left }) => sum + BigInt(left), 0n);
    insist(
      status !== 'requires_action' || parts < BigInt(amount),
      () => `${id} waits, and ${parts} is there`,
    );
  }
}

it(`books what statements say, once, and owes all that it was not for (seed ${seed})`, () => {
  const types = new Set<string>();
  for (let n = 0; n < runs; n += 1) {
    const run = new Run(seededRandom(seed + n));
    for (let step = 0; step < stepsEach; step += 1) {
      run.step();
      try {
        run.check();
      } catch (error) {
        throw new Error(`seed ${seed + n}, step ${step}: ${String(error)}`, { cause: error });
      }
    }
    for (const { type } of run.journal.events) types.add(type);
  }
  // Of so many steps all have happened, whatever the seed.
  const needed = [
    'BankLineBooked',
    'BankChargeBooked',
    'BankLineMatched',
    'BankLineReturned',
    'PaymentCaptured',
    'BankReturnCanceled',
    'BankReturnPaid',
    'RefundFailed',
    'RefundSucceeded',
    'PayoutBatchMade',
    'PayoutPaid',
    'PayoutFailed',
    'PayoutCanceled',
  ];
  if (runs >= 40) expect([...types]).toEqual(expect.arrayContaining(needed));
});
