import {
  metadata,
  named,
  object,
  oneOf,
  orNull,
  flag,
  text,
  textOrNull,
  time,
} from '@fintech-ledger/contract';
import type { Schema } from '@fintech-ledger/contract';
import { currency } from '@fintech-ledger/ledger/domain';
import { railCallFields } from './rail-call-fields';
import type { RailCall } from './facts';
import { platformOwner } from './chart';

export const payoutStatuses = ['pending', 'in_transit', 'paid', 'failed', 'canceled'] as const;
export type PayoutStatus = (typeof payoutStatuses)[number];

/** The call of a rail that pays out. */
export type PayoutCall = Omit<RailCall, 'amount' | 'kind' | 'offSession'>;

/** The bank account of a connected account that a bank is to pay to. */
export interface PayoutDestinationFacts {
  /** Sealed with the key of the account's data subject. */
  readonly accountHolder: string | null;
  /** Sealed like it. */
  readonly iban: string;
}

/** A bank account of the environment that a bank is to pay to, as it was when the payout was made. */
export interface PayoutPayeeFacts {
  readonly accountHolder: string;
  readonly bic: string | null;
  readonly iban: string;
}

/** A payout as an event left it. */
export interface PayoutFacts {
  readonly amount: string;
  /** `ba_…` */
  readonly bankAccount: string;
  readonly call: PayoutCall | null;
  readonly canceledAt: string | null;
  /** Whose balance it leaves; absent: the platform's. */
  readonly connectedAccount?: string;
  readonly createdAt: string;
  readonly currency: string;
  /** Of a connected account: where it goes by bank, as it was when it was made; absent: it goes elsewhere. */
  readonly destination?: PayoutDestinationFacts;
  readonly description: string | null;
  readonly failureCode: string | null;
  readonly failureMessage: string | null;
  readonly id: string;
  /** A schedule made it; absent: a request did. */
  readonly isAutomatic?: true;
  readonly livemode: boolean;
  readonly metadata: Readonly<Record<string, string>>;
  /** By bank to an account of the environment; absent: it goes elsewhere, or its batch alone says the account. */
  readonly payee?: PayoutPayeeFacts;
  readonly rail: string;
  readonly railReference: string | null;
  /** When it is handed to the rail; until then it can be canceled. */
  readonly sendsAt: string;
  readonly status: PayoutStatus;
}

const call = named('payoutCall', object<PayoutCall>(railCallFields()));

export const payout: Schema<PayoutFacts> = named(
  'payout',
  object<Omit<PayoutFacts, 'connectedAccount' | 'destination' | 'isAutomatic' | 'payee'>>({
    amount: text({ description: 'Minor units', pattern: '^[1-9][0-9]{0,35}$' }),
    bankAccount: text(),
    call: orNull(call),
    canceledAt: orNull(time),
    createdAt: time,
    currency,
    description: textOrNull(),
    failureCode: textOrNull(),
    failureMessage: textOrNull(),
    id: text({ pattern: '^po_[0-9A-Za-z_-]+$' }),
    livemode: flag,
    metadata,
    rail: text(),
    railReference: textOrNull(),
    sendsAt: time,
    status: oneOf(...payoutStatuses),
  }),
);

/** Whose balance it leaves. */
export const ownerOfPayout = ({ connectedAccount }: Pick<PayoutFacts, 'connectedAccount'>): string =>
  connectedAccount ?? platformOwner;

/** Whether it may still come to something: one that was paid, as long as it may come back. */
export const isUnderWay = ({ call, status }: PayoutFacts): boolean =>
  status === 'pending' || status === 'in_transit' || (status === 'paid' && call?.state === 'open');
