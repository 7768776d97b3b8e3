export * from './admit';
export { noHead } from './chain-head';
export type { ChainHead, ChainLink } from './chain-head';
export { decodeWith } from './decode-event';
export type { DecodedEvent, ReadableStreams, ReadEvent } from './decode-event';
export * from './errors';
export { deleteHalted, insertHalted, selectHaltedStreams, updateHalted } from './halted-streams';
export type { HaltedStream } from './halted-streams';
export * from './limits';
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
export { decodeCursor, encodeCursor } from './reads/cursor';
export { FairTurns, inTurnOf, TurnsTaken } from './reads/fair-turns';
export type { FairTurnsOptions } from './reads/fair-turns';
export { found } from './reads/found';
export { HaltedOwners } from './reads/halted-owners';
export { acknowledgedWaitMs, haltedRetrySeconds, minPositionWaitMs } from './reads/limits';
export { pageOf } from './reads/page';
export { StatementParameters, reachedRevision, readAt } from './reads/read-at';
export { acknowledgedPort, commandGatewayPort, eventStorePort } from './reads/ports';
export { InvalidCursor } from './reads/queries';
export type { AsOf, At, Axis, Followed, PageRequest } from './reads/queries';
export type { OrganizationReader, Reader } from './reads/reader';
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
