import { ledgerDomain } from '@fintech-ledger/ledger';
import type { EventStore } from '@fintech-ledger/event-store';
import type { AnyDomain } from '@fintech-ledger/manifest';
import {
  DueWatch,
  JournalWriter,
  WriterDirectory,
  silentObserver,
  soleOwnership,
} from '@fintech-ledger/journal';
import type {
  CheckpointStore,
  Clock,
  DueStreams,
  EffectRunner,
  OpenWriter,
  Ownership,
  WriterObserver,
  WriterOptions,
} from '@fintech-ledger/journal';
import { countedTurns } from './counted-turns';

/** What a process has that writes ledgers, without the process. */
export interface LedgerNode {
  readonly gateway: WriterDirectory;
  /** Lets everything finish. */
  close(): Promise<void>;
  /** Everything it had in memory is gone; what was sent may still arrive. */
  crash(): void;
}

/** Opens the door for writes as a process that believes to be the only one: it asks nobody who owns a ledger. */
export function openLedgerNode(options: {
  readonly eventStore: EventStore;
  readonly checkpoints: CheckpointStore;
  readonly clock: Clock;
  readonly newCommandId: () => string;
  readonly observer?: Partial<WriterObserver>;
  readonly writer: WriterOptions;
  /** Who decides. Absent: the ledger alone. */
  readonly domain?: AnyDomain;
  /** Does what events intend. Absent: nobody does. */
  readonly effects?: EffectRunner;
  readonly patienceMs?: number;
  /** Absent: it is alone, or believes so. */
  readonly ownership?: Ownership;
  /** Where it finds what is due in ledgers that it has not loaded. Absent: nowhere. */
  readonly dueStreams?: DueStreams;
  readonly random?: () => number;
}): LedgerNode {
  const { eventStore, checkpoints, clock, newCommandId, domain = ledgerDomain as AnyDomain } = options;
  const observer = { ...silentObserver, ...options.observer };
  const turns = countedTurns(2 + Math.floor((options.random?.() ?? 0.5) * 60));
  const writers: { stop(reason: Error): void }[] = [];
  const openWriter = (stream: string): OpenWriter => {
    const given = { domain, eventStore, checkpoints, clock, observer, newCommandId };
    const { effects, ownership } = options;
    const dependencies = { ...given, turns, effects, ownership };
    const writer = new JournalWriter(stream, dependencies, options.writer);
    writers.push(writer);
    return writer as OpenWriter;
  };
  const gateway = new WriterDirectory({
    openWriter,
    ownership: options.ownership ?? soleOwnership,
    ...(options.patienceMs === undefined ? {} : { patienceMs: options.patienceMs }),
  });
  const { dueStreams: streams, random } = options;
  const watch =
    streams &&
    new DueWatch({ streams, writers: gateway, clock, observer, ...(random === undefined ? {} : { random }) });
  watch?.start();
  return {
    gateway,
    async close() {
      await watch?.close();
      await gateway.close();
    },
    crash() {
      void watch?.close();
      for (const writer of writers) writer.stop(new Error('crashed'));
    },
  };
}
