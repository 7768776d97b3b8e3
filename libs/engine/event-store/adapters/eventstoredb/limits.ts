/** EventStoreDB's own default for the largest append (`MaxAppendSize`): data, metadata and twice the type of all events. */
export const serverAppendBytesMax = 1024 * 1024;
/** What is kept of the server's limit for each event's type, at two bytes a letter. */
export const typeBytesReserved = 64;
/** An append is cut into messages of at most so many bytes, unless one event has more: the server takes 4 MiB of gRPC at once. */
export const messageBytesMax = 3 * 1024 * 1024;
/** The most appends that wait for their answers at once; what is beyond is refused as unavailable. */
export const appendsInFlightMax = 1_024;
/** How many events the server looks at, at most, before it tells a filtered subscription how far it is. */
export const checkpointEvents = 4_096;
/** How long a node that left an append without an answer is asked whether it is alive. */
export const probeMs = 1_000;
/** How often the nodes are asked for another leader than a silent one: they choose it after some 7 s. */
export const electionPollMs = 250;
/** How long a read waits for that; then it is told that the store is unavailable. */
export const nodeWaitMs = 3_000;
/** A read or subscription that has heard nothing for so long asks its node whether it is there. */
export const silenceMs = 3_000;
/** How long that node may take to say so. */
export const answerMs = 3_000;
/** How many positions of answered appends are remembered, to tell a first answer from a repeated one. */
export const answeredPositionsMax = 4_096;
