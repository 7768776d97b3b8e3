import { ledgerDomain } from '@fintech-ledger/ledger';
import { movesMoney } from '@fintech-ledger/ledger/domain';
import type { LedgerCommand } from '@fintech-ledger/ledger/domain';
import type { CommandEnvelope } from '@fintech-ledger/journal';
import type { AnyDomain } from '@fintech-ledger/manifest';
import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import { seededRandom } from '../faults/seeded-random';
import { FakeCarrier } from '../carrier/fake-carrier';
import { insist } from '../insist';
import { commandFor, firstAccounts } from '../ledger/command-for';
import { joinedLedger } from '../postage/joined-ledger';
import { parcelKey } from '../postage/postage-events';
import { intents } from '../ledger/ledger-intents';
import { InterruptedBulks } from './interrupted-bulks';
import { JournalAudit } from './journal-audit';
import { isUnjudged, randomPostage } from './random-postage';
import { SimulatedClients } from './simulated-clients';
import type { SimulatedCommand } from './simulated-clients';
import { lateMsMax, SimulatedCluster } from './simulated-cluster';
import { VirtualTime } from './virtual-time';

export interface SimulationResult {
  readonly events: number;
  readonly acknowledged: number;
  readonly refused: number;
  readonly retries: number;
  readonly crashes: number;
  readonly conflicts: number;
  /** Later parts of a bulk of which all was refused. */
  readonly refusedParts: number;
  /** Commands that were answered with the end of a call. */
  readonly deferred: number;
  readonly simulatedSeconds: number;
  /** The hash of the journal's last event: the same for every run of a seed. */
  readonly head: string;
}

const stream = 'journal-led_1';
const startMs = Date.parse('2026-01-01T00:00:00.000Z');
const clientsMax = 12;
const bulkClients = 2;
const chunk = 500;
const hoursMax = 1_000;
/** How far away the carrier is: clients can wait for it in some runs, and not in others. */
const carrierMsMax = 20_000;
const carrierOf = (seed: number): number => (seed % 8 < 4 ? 300 : carrierMsMax);
/** After a start, everything that is due has been handled. */
const dueMsMax = 30_000;

/** Other modules have joined the ledger in three of four runs. */
const isJoinedIn = (seed: number): boolean => seed % 4 !== 0;

/**
 * A whole run: clients, several writers that all believe to own the ledger, and a store, in one process and in virtual time, with faults as
 * the seed says. The same seed gives the same run. Takes over the timers of this process.
 * @throws Error saying what does not hold
 * @public called by scripts/simulate.mjs
 */
export async function simulate(seed: number, commands: number): Promise<SimulationResult> {
  const random = seededRandom(seed);
  const time = new VirtualTime();
  time.install();
  const audit = new JournalAudit();
  const bugs: Error[] = [];
  /** How far the clocks have jumped ahead. */
  let aheadMs = 0;
  const nowMs = (): number => startMs + Math.floor(time.nowMs) + aheadMs;
  const carrier = new FakeCarrier(random, { lost: 0.2, unanswered: 0.2, refused: 0.3 }, carrierOf(seed));
  const isJoined = isJoinedIn(seed);
  const cluster: SimulatedCluster = new SimulatedCluster({
    effects: carrier,
    domain: isJoined ? joinedLedger : (ledgerDomain as AnyDomain),
    random,
    nodes: 1 + (seed % 3),
    nowMs,
    audit,
    onEvent(correlationId) {
      excuseOverdraft(audit, clients.commands.get(correlationId));
      bulks.onEvent(correlationId);
    },
    onBug: (error) => bugs.push(error),
  });
  const clients: SimulatedClients = new SimulatedClients(stream, cluster, audit, random);
  const bulks = new InterruptedBulks(cluster, clients, random);

  let number = 0;
  let drawn: ReturnType<typeof draw> = [];
  const draw = () => fc.sample(intents(chunk), { seed: seed + number, numRuns: 1 })[0] ?? [];
  const client = async (): Promise<void> => {
    while (number < commands && bugs.length === 0) {
      const at = number % chunk;
      if (at === 0) drawn = draw();
      const intent = drawn[at];
      number += 1;
      const [key, now] = [`key-${number}`, nowMs()];
      const command = intent && commandFor(intent, audit.ledger, new Date(now).toISOString());
      if (isJoined && random() < 0.2) await clients.send(randomPostage(random, now), key);
      else if (command) await clients.send(widened(command, random), key);
      if (random() < 0.2) await time.sleep(random() * 50);
      disturb();
    }
  };
  const disturb = (): void => {
    const coin = random();
    if (coin < 0.004) cluster.crash();
    else if (coin < 0.008) cluster.skewClock();
    else if (coin < 0.011) cluster.jumpClock();
    else if (coin < 0.02) cluster.changeWeather();
    else if (coin < 0.025) aheadMs += Math.floor(random() * 3_600_000);
    else if (coin < 0.027) audit.check();
  };

  const all = (async () => {
    for (const [i, command] of firstAccounts().entries()) await clients.send(command, `first-${i}`);
    await Promise.all(Array.from({ length: clientsMax }, client));
    await Promise.all(Array.from({ length: bulkClients }, (_, i) => bulks.run(`bulk-${i}`)));
    cluster.heal();
    await time.sleep(lateMsMax);
    await cluster.end();
    aheadMs += 24 * 3_600_000;
    await judge(cluster, clients, audit, carrier, (ms) => time.sleep(ms));
  })();
  let isOver = false;
  all.catch((error: unknown) => bugs.push(error as Error)).finally(() => (isOver = true));
  await time.run(() => isOver || bugs.length > 0, hoursMax);
  const [bug] = bugs;
  if (bug) throw bug;
  return {
    events: audit.nextRevision,
    acknowledged: clients.acknowledged.size,
    ...clients.counts,
    crashes: cluster.crashes,
    conflicts: cluster.conflicts,
    refusedParts: audit.ledger.events.filter(({ type }) => type === 'TransactionsRefused').length,
    simulatedSeconds: Math.round(time.nowMs / 1_000),
    head: audit.head,
  };
}

/** The last event may have taken accounts out of their bounds: an administrator allowed it, or it was not judged. */
function excuseOverdraft(audit: JournalAudit, command: SimulatedCommand | undefined): void {
  const event = audit.ledger.events.at(-1);
  if (event === undefined || !movesMoney(event)) return;
  const isAllowed = command?.type === 'ReverseTransaction' && command.allowOverdraft === true;
  if (isAllowed || isUnjudged(event, command)) audit.excuse(event.data.entries.map(({ account }) => account));
}

/** Some holds have many lines, so that not many of their releases go into one append, and some none at all. */
function widened(command: LedgerCommand, random: () => number): LedgerCommand {
  if (command.type !== 'PostTransaction' || command.pending !== true || random() < 0.85) return command;
  const times = 1 + Math.floor(random() * 12);
  return { ...command, entries: Array.from({ length: times }, () => command.entries).flat() };
}

/** What must hold when all has ended: on a process that starts again, a day later. */
async function judge(
  cluster: SimulatedCluster,
  clients: SimulatedClients,
  audit: JournalAudit,
  carrier: FakeCarrier,
  sleep: (ms: number) => Promise<unknown>,
): Promise<void> {
  carrier.faults = { ...carrier.faults, lost: 0, unanswered: 0 };
  const fresh = cluster.openFresh();
  const { gateway } = fresh;
  // The judge has ten minutes for each.
  const patiently = (envelope: CommandEnvelope) =>
    gateway.submit({ ...envelope, deadline: performance.now() + 600_000 });
  // Nobody sends a command, and what is due is found all the same.
  await sleep(dueMsMax);
  checkNothingIsDue(audit);
  // Each is asked about, perhaps handed over again, and answered.
  await sleep(8 * carrierMsMax);
  checkCalls(audit, carrier);
  await clients.replayAll(patiently);
  const last: CommandEnvelope = {
    stream,
    organizationId: 'org_1',
    actor: 'key_1',
    correlationId: 'the-last-one',
    command: { type: 'OpenAccount', address: 'last', accountType: 'asset', currency: 'USD' },
  };
  const outcome = await patiently(last);
  insist(outcome.kind === 'accepted', () => `the last command: ${JSON.stringify(outcome)}`);
  await fresh.close();
  audit.check();
  clients.checkTraces();
  await checkCheckpoint(cluster, audit);
}

/** A day later no hold is pending whose time has come, and no parcel is on its way. */
function checkNothingIsDue(audit: JournalAudit): void {
  for (const record of audit.ledger.records.values()) {
    if (record.kind !== 'transaction') continue;
    const { id, status, expiresAt } = record.snapshot;
    insist(status !== 'pending' || expiresAt === null, () => `${id} was to expire at ${expiresAt}`);
  }
  for (const { id, deliveredAt, isDelivered } of audit.parcels.values())
    insist(isDelivered || deliveredAt === null, () => `${id} was to be delivered at ${deliveredAt}`);
}

/** Every call has ended as the carrier says, and what was never handed over is not known there. */
function checkCalls({ calls }: JournalAudit, { truth }: FakeCarrier): void {
  insist(calls.size === truth.size, () => `${calls.size} calls, and the carrier knows ${truth.size}`);
  for (const [id, { type, call }] of calls) {
    insist(!call.isOpen, () => `what became of ${id} was never found out: ${JSON.stringify(call)}`);
    const outcome = type === 'CarrierTook' ? 'taken' : 'refused';
    insist(truth.get(id) === outcome, () => `${id} was ${truth.get(id)} there, and is ${outcome} here`);
  }
}

/** What the checkpoint has of every record is what folding the journal gives. */
async function checkCheckpoint(cluster: SimulatedCluster, audit: JournalAudit): Promise<void> {
  const parcels = [...audit.parcels].map(
    ([id, parcel]) => [parcelKey(id), { kind: 'parcel', ...parcel }] as const,
  );
  const keys = [...audit.ledger.records.keys(), ...parcels.map(([key]) => key)];
  const { headRevision, found } = await cluster.checkpoints.loadRecords(stream, keys);
  insist(
    headRevision === audit.ledger.revision,
    () => `the checkpoint is at ${headRevision} of ${audit.ledger.revision}`,
  );
  for (const [key, record] of audit.ledger.records) {
    const text = found.get(key);
    // A transaction that is one event is in no checkpoint.
    if (text === undefined && record.kind === 'transaction' && record.snapshot.status === 'posted') continue;
    insist(
      text !== undefined && isDeepStrictEqual(ledgerDomain.decode(key, text), record),
      () => `${key} in the checkpoint is ${text}`,
    );
  }
  for (const [key, parcel] of parcels) {
    const text = found.get(key);
    insist(
      text !== undefined && isDeepStrictEqual(joinedLedger.decode(key, text), parcel),
      () => `${key} in the checkpoint is ${text}`,
    );
  }
}
