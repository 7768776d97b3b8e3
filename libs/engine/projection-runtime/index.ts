export * from './admit';
export { noHead } from './chain-head';
export type { ChainHead, ChainLink } from './chain-head';
export { decodeWith } from './decode-event';
export type { DecodedEvent, ReadableStreams, ReadEvent } from './decode-event';
export * from './errors';
export { haltCodeOf } from './halt-codes';
export type { HaltCause, HaltCode } from './halt-codes';
export {
  deleteHalted,
  insertHalted,
  insertHaltedOnSides,
  selectHaltedStreams,
  updateHalted,
} from './halted-streams';
export type { HaltedStream } from './halted-streams';
export * from './limits';
export { Pause } from './pause';
export type { Alarm, BatchApplied, ProjectorObserver } from './observer';
export { PositionWaiter } from './position-waiter';
export { defineProjection } from './projection';
export type { Decode, Projection, RowWriter } from './projection';
export { rebuildStream, rebuildStreamWithin, relayName, selectGenerations } from './rebuild-stream';
export { lookFreshSeconds } from './projector-looks';
export { Rereader } from './rereader';
export type { Rereadable } from './rereader';
export type { RereadOutcome } from './reread-stream';
export { SuspendedStreams } from './suspended-streams';
export { projectorLock } from './hold-lock';
export { Projector } from './projector';
export type { ProjectorOptions, ProjectorState } from './projector';
export { ProjectionIsNewer } from './projection-rows';
export { byInOrder, withinInOrder } from './reads/by-time';
export type { InOrder } from './reads/by-time';
export { by, within, withMetadata } from './reads/conditions';
export type { CreatedWithin } from './reads/conditions';
export { decodeCursor, encodeCursor } from './reads/cursor';
export type { Owned } from './reads/fair-turns';
export { FairTurns, inTurnOf, queriesInTurns, TurnsTaken } from './reads/fair-turns';
export type { FairTurnsOptions } from './reads/fair-turns';
export { found } from './reads/found';
export { followed, HaltedOwners } from './reads/halted-owners';
export { acknowledgedWaitMs, haltedRetrySeconds, minPositionWaitMs } from './reads/limits';
export { journalObjects } from './reads/journal-objects';
export { newestOfRuns } from './reads/newest-of-runs';
export type { RunPlaces, RunRow } from './reads/newest-of-runs';
export { deleteOfLedger, saveObjectStates } from './rows/object-states';
export type { ObjectState } from './rows/object-states';
export { ObjectStates } from './reads/object-states';
export type { HistoryPage, Stored, StoredState } from './reads/object-states';
export { pageOf } from './reads/page';
export { StatementParameters, reachedRevision, readAt } from './reads/read-at';
export { acknowledgedPort, commandGatewayPort, eventStorePort, trialsPort } from './reads/ports';
export { InvalidCursor } from './reads/queries';
export type { AsOf, At, Axis, Followed, PageRequest } from './reads/queries';
export type { OrganizationReader, Reader } from './reads/reader';
export { sourceWaits } from './reads/source-waits';
export {
  JournalDisagrees,
  TooManySearches,
  ReadModelBehind,
  ReadModelHalted,
  ReadModelInconsistent,
  Refused,
  refusedQuery,
} from './reads/refused';
export { postgresProjectionStates } from './reads/projection-states';
export type { ProjectionStates } from './reads/projection-states';
export { projectionList, projectionShape } from './reads/projection-view';
export type { ProjectionView } from './reads/projection-view';
export { assertRows, column } from './rows/columns';
export { copyRows } from './rows/copy-rows';
export { parseObject } from './rows/parse-object';
export { isRunning, selectRebuildsToDo } from './rebuild/rebuild-rows';
export type { Rebuild, Verification } from './rebuild/rebuild-rows';
export * from './rebuild/rebuild-refusals';
export { rebuildPage, rebuildShape, rebuildView } from './rebuild/rebuild-view';
export type { RebuildView } from './rebuild/rebuild-view';
export { postgresRebuilds } from './rebuild/rebuild-commands';
export type { Rebuilds } from './rebuild/rebuild-commands';
export { haltedSource } from './parked/halted-source';
export { parkedEvents } from './parked/parked-events';
export type { Discard, ParkedEvents, ParkedFilter, ParkedSource } from './parked/parked-events';
export * from './parked/parked-refusals';
export { parkedEventShape, parkedPage, parkedStates } from './parked/parked-view';
export type { ParkedView } from './parked/parked-view';
export { Rebuilder } from './rebuild/rebuilder';
export type { FillerTask, OpenFillers } from './rebuild/fill-all';
export { fillParts } from './rebuild/fill-parts';
export type { Filler, FillPartsEnd } from './rebuild/fill-parts';
export { fillersMax } from './rebuild/limits';
export { RebuildEnded } from './rebuild/note-position';
export { PartFiller, PartIrregular } from './rebuild/part-filler';
export { movedTo, sided } from './rebuild/sides';
export { contentIn } from './rebuild/verify-sides';
export type { Side } from './rebuild/sides';
export type { Stretch } from './rebuild/stretches';
export { liveTables } from './rebuild/live-tables';
export type { LiveDatabase } from './rebuild/live-tables';
