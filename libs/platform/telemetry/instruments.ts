import { meter } from './meter';

/** Labels must have few values: a route's template and never its path, a code and never an id. */
export type Labels = Readonly<Record<string, string | number>>;
export interface CounterInstrument {
  add(value: number, labels?: Labels): void;
}
export interface HistogramInstrument {
  record(value: number, labels?: Labels): void;
}
export interface GaugeInstrument {
  record(value: number, labels?: Labels): void;
}

const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** For what may wait for days. */
const longBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800, 7_200, 86_400, 259_200];
const sizeBuckets = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000];

const counter = (name: string, description: string): CounterInstrument =>
  meter.createCounter(name, { description });
const gauge = (name: string, description: string): GaugeInstrument =>
  meter.createGauge(name, { description });
const histogram = (name: string, description: string, boundaries: number[]): HistogramInstrument =>
  meter.createHistogram(name, { description, advice: { explicitBucketBoundaries: boundaries } });

/** Every metric of the product, by name. Counters get `_total` in Prometheus. */
export const instruments = {
  /** Labels: method, route (template), status. */
  httpRequestSeconds: histogram(
    'http_server_request_duration_seconds',
    'Time to answer a request',
    secondsBuckets,
  ),
  /** Labels: use, limit (concurrency, rate, cost), of (organization, key). */
  requestsLimited: counter('ledger_requests_limited', 'Requests refused with 429 for a limit'),
  /** Label: of (`requests`; `bodies` that are large; `plain`, `expensive`, `events` and others for queries). */
  turnWaitSeconds: histogram(
    'ledger_turn_wait_seconds',
    'Time that requests waited for a turn of their organization',
    secondsBuckets,
  ),
  limitRenewalsFailed: counter(
    'ledger_limit_renewals_failed',
    'Times that shares of limits could not be renewed: those of before went on',
  ),
  /** Label: event. */
  securityEvents: counter(
    'ledger_security_events',
    'Requests refused for want of rights, and keys made and revoked',
  ),
  auditRefusals: counter(
    'ledger_audit_refusals',
    'Requests with a valid API key that were refused, and are told in the audit log',
  ),
  /** Label: of (`refusals`, `actions`, `origins`). */
  auditFailures: counter(
    'ledger_audit_failures',
    'Times that refusals, what was done, or where requests came from could not be written, and are tried again',
  ),
  auditOriginsUnkept: counter(
    'ledger_audit_origins_unkept',
    'Clients whose address or user agent is not kept, because one organization or all have too many',
  ),
  eventStreamsCut: counter(
    'ledger_event_streams_cut',
    'Streams of events that were ended because their client read nothing',
  ),
  /** Label: code (`stream_too_slow`, `unauthenticated`). */
  answersCut: counter(
    'ledger_answers_cut',
    'Exports and other answers in pieces that were cut: their client took nothing, or its API key was revoked',
  ),
  /** Labels: outcome (`ok`, `replayed`, or the refusal's code). */
  commands: counter('ledger_commands', 'Commands decided'),
  events: counter('ledger_events_appended', 'Events appended to journals'),
  appendSeconds: histogram('ledger_append_duration_seconds', 'Time of one append', secondsBuckets),
  appendCommands: histogram('ledger_append_commands', 'Commands that shared one append', sizeBuckets),
  appendStreams: histogram(
    'ledger_append_streams',
    'Streams whose appends went to Postgres together',
    sizeBuckets,
  ),
  appendConflicts: counter('ledger_append_conflicts', 'Appends that met events of another writer'),
  /** Label: kind (`queued`, `decided`, `unsaved`, `cached`, `due`). */
  writerMemory: gauge('ledger_writer_memory_bytes', 'Memory that writers hold, about'),
  writerMemoryLimit: gauge('ledger_writer_memory_limit_bytes', 'Memory that all writers may hold together'),
  checkpointIndex: gauge(
    'ledger_checkpoint_index_bytes',
    'Memory that holds what checked rows of checkpoints are known by, about',
  ),
  writerEvictions: counter('ledger_writer_evictions', 'Times a writer let go its caches for want of memory'),
  commandsWithoutMemory: counter('ledger_commands_without_memory', 'Commands refused for want of memory'),
  /** Label: outcome (`unknown` or `not_booked`). */
  commandTimeouts: counter(
    'ledger_command_timeouts',
    'Commands that were answered because their time was over',
  ),
  unknownOutcomes: counter('ledger_append_unknown_outcomes', 'Appends that had to be sent again'),
  writersStopped: counter('ledger_writers_stopped', 'Writers that stopped; label reason'),
  writerLoadSeconds: histogram(
    'ledger_writer_load_duration_seconds',
    'Time to load a writer',
    secondsBuckets,
  ),
  checkpointSeconds: histogram(
    'ledger_checkpoint_duration_seconds',
    'Time to save a checkpoint',
    secondsBuckets,
  ),
  checkpointRows: counter('ledger_checkpoint_rows', 'Rows written to checkpoints'),
  checkpointFailures: counter(
    'ledger_checkpoint_failures',
    'Checkpoints that were dropped or not saved; label reason',
  ),
  /** Label: projection. */
  projectedEvents: counter('ledger_projection_events', 'Events applied by a projection'),
  projectionBatchSeconds: histogram(
    'ledger_projection_batch_duration_seconds',
    'Time of one batch',
    secondsBuckets,
  ),
  projectionLagEvents: gauge('ledger_projection_lag_events', 'Events not yet applied by a projection'),
  projectionNoProgressSeconds: gauge(
    'ledger_projection_no_progress_seconds',
    'How long a projection has been behind without applying anything; 0 when it is not behind, or gets on',
  ),
  projectionLagSeconds: gauge(
    'ledger_projection_lag_seconds',
    'Age of the oldest event not yet applied; 0 when there is none',
  ),
  projectionHalted: gauge('ledger_projection_halted', '1 when a projection has halted with an alarm'),
  /** Label: projection. Of the rebuild that runs; 0: none does. */
  rebuildRunning: gauge('ledger_rebuild_running', 'Whether a read model is being rebuilt'),
  rebuildEventsDone: gauge('ledger_rebuild_events_done', 'Events that a rebuild has filled in'),
  rebuildEventsTotal: gauge('ledger_rebuild_events_total', 'Events that a rebuild has to fill in'),
  rebuildEventsPerSecond: gauge('ledger_rebuild_events_per_second', 'How fast a rebuild fills in events'),
  rebuildWaiting: gauge('ledger_rebuild_waiting', 'Whether a rebuild is verified, and waits for an operator'),
  projectionHaltedStreams: gauge(
    'ledger_projection_halted_streams',
    'Streams that are halted in a projection, while all others go on',
  ),
  trialBalanceUnbalanced: gauge(
    'ledger_trial_balance_unbalanced',
    'Ledgers, by currency, whose accounts in the read models do not balance',
  ),
  subjectKeysLost: gauge(
    'ledger_subject_keys_lost',
    'Data subjects whose key was missing or damaged when this process last asked for it',
  ),
  negativeBalances: gauge(
    'ledger_negative_balances',
    'Balances of payments that are below zero, in all environments: what is owed',
  ),
  ledgerTransfersOpen: gauge(
    'ledger_transfers_open',
    'Transfers between ledgers that are neither settled nor given back',
  ),
  ledgerTransfersOldestOpenSeconds: gauge(
    'ledger_transfers_oldest_open_seconds',
    'Age of the oldest transfer between ledgers that is open; 0: none is',
  ),
  ledgerTransfersTransitDifferences: gauge(
    'ledger_transfers_transit_differences',
    'Environments, by currency, whose transit accounts over all ledgers do not come to the open transfers',
  ),
  relayedEvents: counter('ledger_relay_events', 'Events sent to Kafka and acknowledged'),
  relaySeconds: histogram('ledger_relay_send_duration_seconds', 'Time to send one round', secondsBuckets),
  relayLagEvents: gauge('ledger_relay_lag_events', 'Events of the store that are not in Kafka yet'),
  relayUnsentSeconds: gauge(
    'ledger_relay_unsent_seconds',
    'Age of the oldest event that was read from the store and is not in Kafka yet',
  ),
  relayHaltedStreams: gauge(
    'ledger_relay_halted_streams',
    'Streams that do not go on where the topic does, or of which Kafka refused a record, and are not sent',
  ),
  eventStoreAvailable: gauge(
    'ledger_event_store_available',
    '1 when this writer reaches the event store, 0 when it is known not to',
  ),
  dueFailures: counter(
    'ledger_due_record_failures',
    'Attempts at what is due (holds that expire) that failed for the record itself',
  ),
  /** Labels: module, kind. */
  effectsRecorded: counter(
    'ledger_effects_recorded',
    'Attempts at what events intend outside of the journal whose outcome is recorded',
  ),
  /** Label: outcome (`ended`, `under_way`: it was told that the call is still under way). */
  callWaitSeconds: histogram(
    'ledger_call_wait_duration_seconds',
    'Time that a command waited for the end of a call outside of the journal',
    secondsBuckets,
  ),
  /** Labels: module, kind. */
  effectFailures: counter(
    'ledger_effect_failures',
    'Attempts at what events intend outside of the journal, such as calls, after which nothing is known',
  ),
  /** Label: outcome (`succeeded`, `retried`, `failed`: it was the last attempt). */
  webhookAttempts: counter('ledger_webhook_attempts', 'Attempts at sending messages to webhook endpoints'),
  webhookDeliverySeconds: histogram(
    'ledger_webhook_delivery_seconds',
    'Time from an event to the delivery of its message, without replays',
    longBuckets,
  ),
  /** Label: state (`due`; `retrying`: between two attempts; `held`: the endpoint is disabled or fails). */
  webhookPending: gauge('ledger_webhook_pending_messages', 'Messages that wait to be sent, without replays'),
  /** Label: state, as above. */
  webhookOldestSeconds: gauge(
    'ledger_webhook_oldest_pending_seconds',
    'Age of the oldest message that waits to be sent; 0 when there is none',
  ),
  /** Label: target (`file`, `url`, `ledger`). */
  publishedHeadAgeSeconds: gauge(
    'ledger_published_head_age_seconds',
    'Time since a target last had all signed tree heads',
  ),
  /** Labels: target, outcome (`published`, `failed`). */
  publishedHeads: counter('ledger_published_heads', 'Signed tree heads that targets were given'),
  publishedHeadContradictions: gauge(
    'ledger_published_head_contradictions',
    'Ledgers that do not begin with what was published of them: rewritten or shortened',
  ),
  webhookParked: gauge('ledger_webhook_parked_events', 'Events of which no message could be made'),
  /** Label: outcome (`answered`, `refused`, or why there was no answer). */
  outboundRequests: counter('ledger_outbound_requests', "Requests to customers' URLs"),
  outboundEndpoints: gauge(
    'ledger_outbound_endpoints',
    'Endpoints whose connections are kept for the next request',
  ),
  /** Label: check, see `AlarmCheck` in libs/platform/health. */
  alarms: gauge('ledger_alarms', 'What is known to be wrong at the moment, by the check that it belongs to'),
  databaseRestarts: counter(
    'ledger_embedded_database_restarts',
    'Times the embedded Postgres had to be started again',
  ),
} as const;
