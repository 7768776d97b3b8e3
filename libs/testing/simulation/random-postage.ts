import type { JournalFact } from '@fintech-ledger/ledger/domain';
import type { CarrierCommand } from '../carrier/carrier-part';
import type { PostageCommand } from '../postage/postage-part';
import type { SimulatedCommand } from './simulated-clients';

const hourMs = 3_600_000;

/** A command of the test modules that join ledgers: some pay in, send what they can't pay, or have it carried. */
export function randomPostage(random: () => number, nowMs: number): PostageCommand | CarrierCommand {
  const draw = (count: number): number => Math.floor(random() * count);
  const owner = `owner-${draw(3)}`;
  const currency = draw(3) === 0 ? 'EUR' : 'USD';
  const amount = String(1 + draw(1_000));
  const parcelId = `parcel-${draw(100_000)}`;
  const coin = random();
  if (coin < 0.3) return { type: 'PayIn', owner, amount, currency };
  if (coin < 0.35) return { type: 'HandOver', parcelId, currency };
  // Some of them twice, by others, while the carrier thinks.
  if (coin < 0.5) return { type: 'SendParcel', parcelId: `sent-${draw(12)}`, currency };
  if (coin < 0.55) return { type: 'LabelParcel', parcelId, account: owner };
  const deliveredAt = new Date(nowMs + draw(2 * hourMs)).toISOString();
  const charge = {
    type: 'ChargeParcel',
    parcelId,
    owner,
    fee: amount,
    currency,
    judged: coin < 0.8,
  } as const;
  return random() < 0.8 ? { ...charge, deliveredAt } : charge;
}

/** Whether an event books without having been judged. @param command that it is of; absent: the writer's own */
export function isUnjudged({ type }: JournalFact, command: SimulatedCommand | undefined): boolean {
  if (['PostagePaidIn', 'ParcelDelivered', 'CarrierTook'].includes(type)) return true;
  return type === 'ParcelCharged' && command?.type === 'ChargeParcel' && !command.judged;
}
