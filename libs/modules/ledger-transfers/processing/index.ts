import type { EffectRunner } from '@fintech-ledger/journal';
import type { EffectResources } from '@fintech-ledger/manifest';
import { Deliveries } from './deliveries';

/** Tells ledgers of what arrives in them. */
export function openDeliveries({ gateway }: EffectResources): EffectRunner {
  return new Deliveries(gateway);
}
