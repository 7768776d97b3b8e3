import { status } from '@grpc/grpc-js';

/** What the client reports of a call that failed: gRPC's status, with EventStoreDB's own word for it in a trailer. */
export interface ServerError {
  readonly code: number | undefined;
  readonly details: string;
  /** Such as `not-leader`, `access-denied`, `stream-deleted`. */
  readonly exception: string | undefined;
}

/** Reads any thrown value; what is no error of a call has no code. */
export function serverErrorOf(thrown: unknown): ServerError {
  const error = thrown as {
    readonly code?: unknown;
    readonly details?: unknown;
    readonly message?: unknown;
    readonly metadata?: { getMap?(): Record<string, unknown> };
  } | null;
  const exception = error?.metadata?.getMap?.()['exception'];
  return {
    code: typeof error?.code === 'number' ? error.code : undefined,
    details: String(error?.details ?? error?.message ?? thrown),
    exception: exception === undefined ? undefined : String(exception),
  };
}

/** Whether the server found no event at the offset from which the log was to be read: 23.10 and 24 say it so. */
export function isPositionRefused({ code, details }: ServerError): boolean {
  if (code === status.INVALID_ARGUMENT) return true;
  return code === status.UNKNOWN && /Unexpected \w*ReadAllResult: /.test(details);
}

/** Whether a call that failed so has certainly never been worked on by a server. */
export function isRefused({ code, details, exception }: ServerError): boolean {
  if (exception === 'not-leader' || exception === 'access-denied') return true;
  switch (code) {
    case status.UNAUTHENTICATED:
    case status.PERMISSION_DENIED:
    case status.UNIMPLEMENTED:
      return true;
    case status.UNAVAILABLE:
      // Said by the client itself, when it had no connection to send the call by.
      return /^(No connection established|Name resolution failed|Channel has been shut down)/.test(details);
    case undefined:
    default:
      return false;
  }
}
