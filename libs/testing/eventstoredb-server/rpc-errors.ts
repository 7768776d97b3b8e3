import { Metadata, status } from '@grpc/grpc-js';

/** What a handler ends a call with; EventStoreDB says in the trailer `exception` what it is about. */
export interface RpcError {
  readonly code: status;
  readonly details: string;
  readonly metadata: Metadata;
}

function rpcError(code: status, details: string, trailers: Record<string, string> = {}): RpcError {
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(trailers)) metadata.set(key, value);
  return { code, details, metadata };
}

export const notLeader = (host: string, port: number): RpcError =>
  rpcError(status.NOT_FOUND, 'Leader info available', {
    exception: 'not-leader',
    'leader-endpoint-host': host,
    'leader-endpoint-port': String(port),
  });
export const noLeader = (): RpcError => rpcError(status.UNAVAILABLE, 'No leader info available in response');
export const unavailable = (): RpcError => rpcError(status.UNAVAILABLE, 'Server Is Not Ready');
export const unauthenticated = (): RpcError =>
  rpcError(status.UNAUTHENTICATED, 'Received HTTP status code 401');
export const accessDenied = (): RpcError =>
  rpcError(status.PERMISSION_DENIED, 'Access Denied', { exception: 'access-denied' });
export const streamDeleted = (stream: string): RpcError =>
  rpcError(status.FAILED_PRECONDITION, `Event stream '${stream}' is deleted.`, {
    exception: 'stream-deleted',
    'stream-name': stream,
  });
export const wrongExpectedVersion = (stream: string, expected: string, actual: string): RpcError =>
  rpcError(
    status.FAILED_PRECONDITION,
    `Append failed due to WrongExpectedVersion. Stream: ${stream}, Expected version: ${expected}, Actual version: ${actual}`,
    {
      exception: 'wrong-expected-version',
      'stream-name': stream,
      'expected-version': expected,
      'actual-version': actual,
    },
  );
export const appendTooLarge = (bytesMax: number): RpcError =>
  rpcError(status.INVALID_ARGUMENT, `Maximum Append Size of ${bytesMax} Exceeded.`, {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': String(bytesMax),
  });
/** As 23.10 says it, and as 24 does. */
export const readAllFailed = (): RpcError => rpcError(status.UNKNOWN, 'Unexpected ReadAllResult: Error');
export const invalidPosition = (): RpcError =>
  rpcError(status.INVALID_ARGUMENT, 'The position in $all is invalid.');
export const tooSlow = (): RpcError =>
  rpcError(status.ABORTED, 'Consumer too slow to handle event while live.');
