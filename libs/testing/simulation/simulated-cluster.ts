import { MemoryCheckpointStore } from '@fintech-ledger/checkpoint-store';
import { MemoryEventStore, OutcomeUnknown, StoreUnavailable } from '@fintech-ledger/event-store';
import { CheckpointCorrupt, CheckpointGone, GuardedClock, WriterUnavailable } from '@fintech-ledger/journal';
import type { CommandEnvelope, CommandOutcome, EffectRunner } from '@fintech-ledger/journal';
import type { AnyDomain } from '@fintech-ledger/manifest';
import type { RecordedEvent } from '@fintech-ledger/event-store';
import { FaultyEventStore } from '../faults/faulty-event-store';
import { insist } from '../insist';
import { ConnectionLost } from './connection-lost';
import { FaultyCheckpointStore } from './faulty-checkpoint-store';
import type { JournalAudit } from './journal-audit';
import { openLedgerNode } from './ledger-node';
import type { LedgerNode } from './ledger-node';
import { ObservedEventStore } from './observed-event-store';
import { severed } from './severed';
import { SimulatedOwners } from './simulated-owners';

export interface SimulatedClusterOptions {
  readonly random: () => number;
  readonly nodes: number;
  /** The time of day, milliseconds since the epoch. */
  readonly nowMs: () => number;
  readonly domain: AnyDomain;
  readonly effects: EffectRunner;
  readonly audit: JournalAudit;
  /** Told after an event was read by the audit: the request that it is of. */
  readonly onEvent: (correlationId: string) => void;
  /** Told of everything that must not happen. */
  readonly onBug: (error: Error) => void;
}

interface SimulatedNode {
  readonly node: LedgerNode;
  readonly number: number;
  readonly isDead: { value: boolean };
  readonly died: Promise<never>;
  readonly kill: () => void;
}

const delayMsMax = 8;
/** What clocks are off, and what is not noticed as a jump. */
const datedAheadMsMax = 5_000;
/** Longer than a writer's patience at times, so that another one decides before a lost append arrives. */
export const lateMsMax = 3_000;
/** For what a writer stops, besides bugs. */
const reasons = [WriterUnavailable, StoreUnavailable, OutcomeUnknown, CheckpointCorrupt, CheckpointGone];

/** Several processes that all believe to own the ledger, on one store that fails as the seed says. */
export class SimulatedCluster {
  /** Takes no more at once than a few transactions, in two of three runs. */
  readonly memory: MemoryEventStore;
  readonly checkpoints = new MemoryCheckpointStore();
  crashes = 0;
  conflicts = 0;
  private readonly nodes: SimulatedNode[];
  /** By request, the place of the process that has it. */
  private readonly sentTo = new Map<string, number>();
  private readonly skewsMs: number[];
  private readonly jumpsMs: number[];
  private readonly events: FaultyEventStore;
  private readonly pages: FaultyCheckpointStore;
  private ids = 0;
  private processes = 0;
  private readonly owners: SimulatedOwners;

  constructor(private readonly options: SimulatedClusterOptions) {
    const { random, audit } = options;
    this.memory = new MemoryEventStore(
      random() < 0.33
        ? {}
        : { appendBytesMax: 9_000 + this.draw(40_000), appendEventsMax: 2 + this.draw(30) },
    );
    const observed = new ObservedEventStore(this.memory, (event) => {
      try {
        audit.addRecorded(event);
        this.checkTime(event);
        options.onEvent((JSON.parse(event.metadata) as { $correlationId: string }).$correlationId);
      } catch (error) {
        options.onBug(error as Error);
      }
    });
    this.events = new FaultyEventStore(observed, {
      seed: this.draw(2 ** 31),
      rates: {},
      delayMsMax,
      lateMsMax,
    });
    this.owners = new SimulatedOwners(this.checkpoints);
    this.pages = new FaultyCheckpointStore(this.checkpoints, random, {}, delayMsMax);
    this.jumpsMs = Array.from({ length: options.nodes }, () => 0);
    this.skewsMs = Array.from({ length: options.nodes }, () => 0);
    this.nodes = Array.from({ length: options.nodes }, (_, index) => this.open(index));
    this.changeWeather();
  }

  /** No event is dated by a clock that was wrong. */
  private checkTime({ metadata, revision }: RecordedEvent): void {
    const { recordedAt } = JSON.parse(metadata) as { recordedAt: string };
    const aheadMs = Date.parse(recordedAt) - this.options.nowMs();
    insist(
      aheadMs <= datedAheadMsMax,
      () => `the event at ${revision} is dated ${recordedAt}, ${aheadMs} ms ahead`,
    );
  }

  /** Sends by way of one of the processes. @throws as the gateway does, and ConnectionLost */
  async submit(envelope: CommandEnvelope): Promise<CommandOutcome> {
    const index = this.draw(this.nodes.length);
    const { node, died } = this.nodes[index] as SimulatedNode;
    this.sentTo.set(envelope.correlationId, index);
    return Promise.race([node.gateway.submit(envelope), died]);
  }

  /** The process that this request was sent to dies without a word, and another one takes its place. */
  crash(correlationId?: string): void {
    this.crashes += 1;
    const index = this.sentTo.get(correlationId ?? '') ?? this.draw(this.nodes.length);
    this.nodes[index]?.kill();
    this.nodes[index] = this.open(index);
  }

  /** One process's clock is off from now on. */
  skewClock(): void {
    this.skewsMs[this.draw(this.skewsMs.length)] = this.draw(4_000) - 2_000;
  }

  /** One process's clock is years off for a moment. */
  jumpClock(): void {
    const index = this.draw(this.jumpsMs.length);
    this.jumpsMs[index] = (this.draw(2) === 0 ? 1 : -1) * 10 * 365 * 24 * 3_600_000;
    setTimeout(() => (this.jumpsMs[index] = 0), this.draw(5_000));
  }

  /** From now on other faults, and more or fewer of them. */
  changeWeather(): void {
    const { random } = this.options;
    const rate = (most: number): number => (random() < 0.4 ? 0 : random() * most);
    this.events.rates = {
      delay: 1,
      loseAnswer: rate(0.3),
      loseRequest: rate(0.3),
      late: rate(0.1),
      strange: rate(0.1),
      failAppend: rate(0.3),
      failRead: rate(0.1),
    };
    this.pages.rates = {
      failLoad: rate(0.05),
      failSave: rate(0.3),
      loseSave: rate(0.3),
      corrupt: rate(0.01),
    };
  }

  /** No more faults, and all clocks right. */
  heal(): void {
    this.events.rates = { delay: 1 };
    this.pages.rates = {};
    this.skewsMs.fill(0);
    this.jumpsMs.fill(0);
  }

  /** Every process finishes and stops, or is killed. */
  async end(): Promise<void> {
    await Promise.all(
      this.nodes.map(async ({ node, kill, number }) => {
        if (this.options.random() < 0.5) return kill();
        await node.close();
        this.owners.ended(number);
      }),
    );
  }

  /** A process that starts again on what is there. */
  openFresh(): LedgerNode {
    return this.open(0).node;
  }

  /** The database is on another machine, whose clock is right. */
  private clockOf(index: number): GuardedClock {
    const { nowMs } = this.options;
    const clock = new GuardedClock({
      witness: {
        ask: async () => ({ timeMs: nowMs(), isSameClock: false, confirmations: 0, confirmedUntilMs: 0 }),
        keep: async () => undefined,
      },
      onDoubt: () => undefined,
      wallMs: () => nowMs() + (this.skewsMs[index] ?? 0) + (this.jumpsMs[index] ?? 0),
    });
    void clock.start();
    return clock;
  }

  private open(index: number): SimulatedNode {
    const isDead = { value: false };
    const number = (this.processes += 1);
    const events = severed<FaultyEventStore>(this.events, () => isDead.value);
    const pages = severed<FaultyCheckpointStore>(this.pages, () => isDead.value);
    const node = openLedgerNode({
      domain: this.options.domain,
      effects: severed<EffectRunner>(this.options.effects, () => isDead.value),
      eventStore: events,
      checkpoints: pages,
      clock: this.clockOf(index),
      newCommandId: () => `id-${(this.ids += 1)}`,
      observer: {
        conflict: () => (this.conflicts += 1),
        stopped: (_stream, reason) => {
          if (!isDead.value && !reasons.some((kind) => reason instanceof kind)) this.options.onBug(reason);
        },
      },
      writer: {
        cacheRecords: 2 + this.draw(60),
        limits: {
          cacheKeys: 2 + this.draw(60),
          checkpointDirtyMax: 5 + this.draw(100),
          checkpointIntervalMs: 20 + this.draw(5_000),
          checkpointSmallTicks: 1,
          groupCostMax: 10 * (1 + this.draw(20)),
          batchEventsMax: 1 + this.draw(40),
          catchUpEvents: 3 + this.draw(200),
          replayDirtyMax: 10 + this.draw(200),
          dueRecordsMax: 1 + this.draw(30),
          dueCommandRecordsMax: 1 + this.draw(10),
          appendPatienceMs: 50 + this.draw(2_000),
        },
      },
      patienceMs: 1_000,
      ownership: this.owners.ownershipOf(number),
      dueStreams: severed<SimulatedOwners>(this.owners, () => isDead.value),
      random: this.options.random,
    });
    let kill = (): void => undefined;
    const died = new Promise<never>((_, reject) => {
      kill = () => {
        isDead.value = true;
        this.owners.ended(number);
        reject(new ConnectionLost('the process was killed'));
        node.crash();
      };
    });
    died.catch(() => undefined);
    return { node, number, isDead, died, kill };
  }

  private draw(count: number): number {
    return Math.floor(this.options.random() * count);
  }
}
