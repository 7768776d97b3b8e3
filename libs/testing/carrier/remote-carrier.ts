import type { EffectRunner, IntendedEffect } from '@fintech-ledger/journal';
import type { RecordCarrier } from './carrier-part';

/** A carrier in another process, which knows a call by the idempotency key that it carries. */
export class RemoteCarrier implements EffectRunner<RecordCarrier> {
  constructor(private readonly url: string) {}

  async run({ kind, key }: IntendedEffect, signal: AbortSignal): Promise<RecordCarrier> {
    const headers = { 'idempotency-key': key };
    const answer = await fetch(`${this.url}/${kind}`, { method: 'POST', headers, signal });
    if (answer.status !== 200) throw new Error(`the carrier answers ${answer.status}`);
    const { outcome } = (await answer.json()) as Pick<RecordCarrier, 'outcome'>;
    return { type: 'RecordCarrier', parcelId: key, outcome };
  }
}
