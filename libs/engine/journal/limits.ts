/** Every bound of the journal writer, by name. */
export const journalLimits = {
  /** What the commands may cost that wait for a decision: 9, and 1 for each two entries; beyond it 503. */
  queueCostMax: 200_000,
  /** What the commands may cost whose records are looked up in one go. */
  groupCostMax: 5_120,
  /** How often it is looked whether a caller has waited long enough. */
  deadlineLookMs: 100,
  /** Records not yet in the checkpoint at most: beyond it, when the checkpoint is out of reach, commands are refused. */
  dirtyMax: 500_000,
  /** Batches decided ahead of the one that is being appended. */
  batchesAheadMax: 2,
  /** Events of one append (a single bulk command may have more, up to the store's limit). */
  batchEventsMax: 1_000,
  batchBytesMax: 900_000,
  /** Events read at a time when catching up. */
  catchUpEvents: 2_000,
  /** A checkpoint is written when so many records are dirty, or so much time has passed. */
  checkpointDirtyMax: 50_000,
  checkpointIntervalMs: 10_000,
  /** With fewer dirty records, of fewer events, a checkpoint waits until so many of these times have passed. */
  checkpointDirtyMin: 1_000,
  checkpointEventsMin: 1_000,
  checkpointSmallTicks: 18,
  /** A checkpoint that is being written holds up new commands only as long as it gets on: without a row in this time it does not. */
  checkpointStallMs: 2_000,
  /** Dirty records that a replay may gather before it must write them. */
  replayDirtyMax: 50_000,
  /** Conflicts in a row after which a writer believes that another one is at work. */
  conflictsMax: 8,
  /** How often a load begins again because another writer's checkpoint overtook it. */
  loadAttemptsMax: 20,
  /** How long a batch whose outcome is unknown, or a store that is unavailable, is tried again before its callers are told. */
  appendPatienceMs: 10_000,
  appendRetryMs: 50,
  /** How long the size of an append that the store refused as too large is remembered. */
  refusedSizeMs: 600_000,
  /** How far the last event that was read may be ahead of the clock. */
  clockAheadMsMax: 5_000,
  /** Due records (holds that expire) held in memory at once. */
  dueRecordsMax: 10_000,
  /** Due records handled by one command; fewer, while the events of so many don't fit into one append. */
  dueCommandRecordsMax: 500,
  /** How long due records wait when their command failed (the store was unavailable, say); twice as long each time, up to the maximum. */
  duePauseMsMin: 100,
  duePauseMsMax: 10_000,
  /** How long a record waits that is due and can't be handled; twice as long each time, up to the maximum. */
  dueRetryMsMin: 10_000,
  dueRetryMsMax: 600_000,
  /** Effects of a writer's events that run at once, and that wait for it; more are left to their due records. */
  effectsRunningMax: 64,
  effectsWaitingMax: 10_000,
  /** How long an effect may take: after it nothing is known, and its place is another one's. */
  effectMsMax: 60_000,
  /** How often the outcome of an effect is submitted before it is left to its due record. */
  effectSubmitsMax: 5,
  /** How long a command waits for the end of a call, and how long before its deadline that is over. */
  callWaitMsMax: 10_000,
  callWaitReserveMs: 500,
  /** Commands that wait for the end of a call: beyond it 503. */
  callWaitersMax: 10_000,
  /** Idempotency keys kept in memory. */
  cacheKeys: 100_000,
} as const;

/** Bounds of dry runs of many commands, by name. */
export const trialLimits = {
  /** At once in a process, and of one organization. */
  trialsMax: 8,
  trialsOfOrganizationMax: 2,
  /** Of all of them together, unless half of the memory of writers is another number. */
  trialBytesMax: 256_000_000,
  trialMsMax: 3_600_000,
  /** One that has been asked nothing for this long gives its place to another one that needs it. */
  trialIdleMsMax: 30_000,
} as const;
