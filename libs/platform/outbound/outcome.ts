import type { Refusal } from '@fintech-ledger/contract';

/** Why there is no answer. */
export type FailureReason =
  | 'name_not_found'
  | 'name_lookup_failed'
  | 'connection_failed'
  | 'tls_failed'
  | 'certificate_invalid'
  | 'malformed_response'
  | 'timeout';

/** What came of a request. Whether an answer is a success is for the caller to say. */
export type Outcome =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** The header `Retry-After`, as it came. */
      readonly retryAfter: string | undefined;
      /** The first bytes of the answer; null when it came from a range that the operator opened. */
      readonly response: Buffer | null;
      readonly ms: number;
    }
  /** It was not sent: the URL, what it leads to, or a header is not allowed. */
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly ms: number }
  | {
      readonly kind: 'failed';
      readonly reason: FailureReason;
      /** A sentence for a person, without an address. */
      readonly detail: string;
      /** What the answer began with, when only its end did not come. */
      readonly status: number | undefined;
      readonly ms: number;
    };

const certificateCodes =
  /^(CERT_|ERR_TLS_CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE)|PATH_LENGTH)/;
const tlsCodes = /^(ERR_SSL_|ERR_TLS_|EPROTO$)/;
const responseCodes = /^(HPE_|UND_ERR_(HEADERS_OVERFLOW|RES|INFO|NOT_SUPPORTED))/;
/** A request that can't be sent at all is a mistake of ours. */
const ownMistakes = /^(UND_ERR_(INVALID_|REQ_)|ERR_INVALID_)/;

/** What an error of a connection means. @throws the error itself, when it is none of the network */
export function failureOf(error: unknown): { readonly reason: FailureReason; readonly detail: string } {
  const code = codeOf(error);
  if (code === undefined || ownMistakes.test(code)) throw error;
  if (/TIMEOUT$|^ETIMEDOUT$/.test(code)) return timeout;
  if (certificateCodes.test(code))
    return { reason: 'certificate_invalid', detail: `The certificate is not valid for this host (${code}).` };
  if (tlsCodes.test(code))
    return { reason: 'tls_failed', detail: `There is no TLS connection with this host (${code}).` };
  if (responseCodes.test(code))
    return { reason: 'malformed_response', detail: `The answer is not well-formed HTTP (${code}).` };
  return { reason: 'connection_failed', detail: `The connection failed or was closed (${code}).` };
}

export const timeout = { reason: 'timeout', detail: 'The answer was not there in time.' } as const;

/** Of several attempts (one for each address) the first one. */
function codeOf(error: unknown): string | undefined {
  const { errors, code, name } = Object(error) as { errors?: unknown[]; code?: unknown; name?: unknown };
  if (typeof code === 'string') return code;
  if (name === 'HTTPParserError') return 'HPE_INVALID';
  return Array.isArray(errors) && errors.length > 0 ? codeOf(errors[0]) : undefined;
}
