import type { EffectRunner, IntendedEffect } from '@fintech-ledger/journal';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RecordCarrier } from './carrier-part';

/** What goes wrong of a call, each from 0 to 1. */
export interface CarrierFaults {
  /** It never comes there. */
  readonly lost: number;
  /** Its answer never comes back. */
  readonly unanswered: number;
  /** The parcel is refused. */
  readonly refused: number;
}

/** A carrier that knows what it was asked for by its key, takes each parcel once, and is far away. */
export class FakeCarrier implements EffectRunner<RecordCarrier> {
  /** What it has decided of each parcel, for ever. */
  readonly truth = new Map<string, 'taken' | 'refused'>();
  calls = 0;

  constructor(
    private readonly random: () => number,
    public faults: CarrierFaults,
    private readonly delayMsMax = 0,
  ) {}

  async run({ kind, key }: IntendedEffect): Promise<RecordCarrier | undefined> {
    this.calls += 1;
    await this.travel();
    if (this.random() < this.faults.lost) return undefined;
    const outcome = this.decide(kind, key);
    await this.travel();
    if (this.random() < this.faults.unanswered) throw new Error('the carrier does not answer');
    return { type: 'RecordCarrier', parcelId: key, outcome };
  }

  private decide(kind: string, key: string): RecordCarrier['outcome'] {
    const known = this.truth.get(key);
    if (known !== undefined) return known;
    if (kind === 'ask') return 'not_known';
    const decided = this.random() < this.faults.refused ? 'refused' : 'taken';
    this.truth.set(key, decided);
    return decided;
  }

  private async travel(): Promise<void> {
    if (this.delayMsMax > 0) await sleep(this.random() * this.delayMsMax);
  }
}
