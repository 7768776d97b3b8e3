import type { EffectRunner, IntendedEffect } from '@fintech-ledger/journal';
import type {
  AskEffect,
  RailCalls,
  RailEffect,
  RecordDispute,
  RecordDisputeResponse,
  RecordFeeReport,
  RecordPayoutOutcome,
  RecordRailOutcome,
} from '@fintech-ledger/payments/domain';
import { feesAtOnce } from '@fintech-ledger/payments/domain';
import type { AskAnswer, Rail, RailCall } from '../rails/rail';
import { callRail } from './call-rail';
import type { CallingRails } from './call-rail';
import { callForDispute, isOfDispute } from './dispute-calls';
import type { CalledDispute, EvidenceValues } from './dispute-calls';
import { readFeeReport } from './fee-reports';
import type { IntendedReport } from './fee-reports';
import { processingLimits } from './limits';
import { callPayout } from './payout-calls';
import type { CalledPayout } from './payout-calls';
import type { RailBooks } from './rail-books';
import { outcomeOf } from './outcome-of';

type Called = (RailEffect | AskEffect) & Pick<IntendedEffect, 'organizationId'>;

/** What rails said, as it is recorded. */
type Recorded =
  RecordRailOutcome | RecordPayoutOutcome | RecordDispute | RecordDisputeResponse | RecordFeeReport;

interface RailCallsOptions extends Omit<CallingRails, 'callMsMax'> {
  /** What is booked of rails, to be held against what they report. */
  readonly books: RailBooks;
  readonly callMsMax?: number;
  /** How many lines of a report are booked at once. */
  readonly reportLinesMax?: number;
  /** Opens what is personal in what a rail is told. */
  readonly values: EvidenceValues;
  /** What the addresses of pages begin with that rails have here. */
  readonly publicUrl?: () => string;
}

/**
 * Calls rails as events intend it, and gives the command that records what they said. A call of which nothing comes
 * back is recorded as unknown at once: whoever waits for the payment has an answer then. What it came to is found out
 * by asking, when its record is due, and by nothing else; that nobody answers there either is no outcome, and the alarm
 * `effects` tells of it after three attempts.
 */
export function railCalls({
  books,
  callMsMax = processingLimits.callMsMax,
  publicUrl = () => '',
  reportLinesMax = feesAtOnce,
  values,
  ...rest
}: RailCallsOptions): EffectRunner<Recorded> {
  const calling = { ...rest, callMsMax };
  const reading = { ...calling, books, reportLinesMax };
  return {
    async run(intended, signal): Promise<Recorded> {
      if (intended.kind === 'pay_out' || intended.kind === 'ask_payout')
        return await callPayout(intended as unknown as CalledPayout, calling, signal);
      if (isOfDispute(intended))
        return await callForDispute(intended as unknown as CalledDispute, { ...calling, values }, signal);
      if (intended.kind === 'read_fee_report')
        return await readFeeReport(intended as unknown as IntendedReport, reading, signal);
      const effect = intended as unknown as Called;
      const { data, key, kind, organizationId } = effect;
      const { payment, rail } = data;
      const about = { organizationId, payment, key, kind };
      const outcome = await callRail(
        calling,
        { rail, isQuestion: kind === 'ask', about },
        signal,
        async (called, ended) => outcomeOf(await said(called, effect, ended), publicUrl()),
      );
      const refund = 'refund' in data ? data.refund : null;
      return {
        type: 'RecordRailOutcome',
        call: key,
        outcome: outcome ?? { kind: 'unknown' },
        payment,
        refund,
      };
    },
  };
}

/** What a rail says of a call. @throws Error nothing comes back */
async function said(rail: Rail, effect: Called, signal: AbortSignal): Promise<AskAnswer> {
  const call: RailCall = { environment: effect.organizationId, key: effect.key, at: effect.data.at };
  switch (effect.kind) {
    case 'authorize': {
      const { payment, paymentMethod, capture, offSession, returnUrl } = effect.data;
      const asked = { payment, paymentMethod, capture, offSession, returnUrl };
      return rail.authorize({ ...call, ...asked, ...moneyOf(effect.data) }, signal);
    }
    case 'capture':
      return rail.capture({ ...call, ...referenceOf(effect.data), ...moneyOf(effect.data) }, signal);
    case 'void':
      return rail.void({ ...call, ...referenceOf(effect.data) }, signal);
    case 'refund': {
      const { refund } = effect.data;
      return rail.refund({ ...call, ...referenceOf(effect.data), ...moneyOf(effect.data), refund }, signal);
    }
    case 'ask':
      return rail.ask({ ...call, of: effect.data.of }, signal);
  }
}

function moneyOf({ amount, currency }: RailCalls['capture'] | RailCalls['authorize']) {
  return { amountMinor: BigInt(amount), currency };
}

/** @throws Error it was never authorized: a bug of ours, and nothing is asked for */
function referenceOf({ payment, railReference }: RailCalls['void']) {
  if (railReference === null) throw new Error(`${payment} has no reference of its rail`);
  return { payment, railReference };
}
