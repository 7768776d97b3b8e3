import { StoreUnavailable } from '@fintech-ledger/event-store';
import { CheckpointCorrupt } from '@fintech-ledger/journal';
import type { CheckpointStore } from '@fintech-ledger/journal';
import { setTimeout as sleep } from 'node:timers/promises';

/** How often each fault happens, 0 to 1. */
export interface CheckpointFaultRates {
  readonly failLoad?: number;
  readonly failSave?: number;
  /** Saved, and the answer lost. */
  readonly loseSave?: number;
  /** A row turns out to have been edited. */
  readonly corrupt?: number;
}

/** A checkpoint store that takes its time and fails as a seed says, within what the port allows. */
export class FaultyCheckpointStore implements CheckpointStore {
  rates: CheckpointFaultRates;

  constructor(
    private readonly inner: CheckpointStore,
    private readonly random: () => number,
    rates: CheckpointFaultRates,
    private readonly delayMsMax: number,
  ) {
    this.rates = rates;
  }

  loadHead: CheckpointStore['loadHead'] = (stream) => this.load(stream, () => this.inner.loadHead(stream));
  loadRecords: CheckpointStore['loadRecords'] = (stream, keys) =>
    this.load(stream, () => this.inner.loadRecords(stream, keys));
  loadKeys: CheckpointStore['loadKeys'] = (stream, keys) =>
    this.load(stream, () => this.inner.loadKeys(stream, keys));
  loadDue: CheckpointStore['loadDue'] = (stream, limit) =>
    this.load(stream, () => this.inner.loadDue(stream, limit));

  save: CheckpointStore['save'] = async (stream, batch) => {
    // What is to be written is read now, as a database reads its parameters, not when they arrive.
    const written = { ...batch, records: [...batch.records], keys: [...batch.keys] };
    await this.wait();
    if (this.happens('failSave')) throw new StoreUnavailable('injected: not saved');
    if (this.happens('corrupt')) throw new CheckpointCorrupt('injected: a page was edited', stream);
    const result = await this.inner.save(stream, written);
    await this.wait();
    if (this.happens('loseSave')) throw new StoreUnavailable('injected: the answer to a save was lost');
    return result;
  };

  distrust: CheckpointStore['distrust'] = async (stream, checkpoint) => {
    await this.wait();
    if (this.happens('failSave')) throw new StoreUnavailable('injected: still trusted');
    await this.inner.distrust(stream, checkpoint);
  };

  sweep: CheckpointStore['sweep'] = async (stream) => {
    await this.wait();
    await this.inner.sweep(stream);
  };

  drop: CheckpointStore['drop'] = async (stream) => {
    await this.wait();
    await this.inner.drop(stream);
  };

  private async load<T>(stream: string, work: () => Promise<T>): Promise<T> {
    await this.wait();
    if (this.happens('failLoad')) throw new StoreUnavailable('injected: not loaded');
    if (this.happens('corrupt')) throw new CheckpointCorrupt('injected: a row was edited', stream);
    const result = await work();
    await this.wait();
    return result;
  }

  private wait(): Promise<void> {
    return sleep(this.random() * this.delayMsMax);
  }

  private happens(fault: keyof CheckpointFaultRates): boolean {
    return this.random() < (this.rates[fault] ?? 0);
  }
}
