import { HttpException } from '@nestjs/common';
import {
  InvalidCursor,
  JournalDisagrees,
  ReadModelBehind,
  ReadModelHalted,
  ReadModelInconsistent,
  Refused,
  TooManySearches,
  TurnsTaken,
} from '@fintech-ledger/projection-runtime';
import { streamOwner } from '@fintech-ledger/envelope';
import { OutcomeUnknown, StoreUnavailable, StreamGone, StreamTruncated } from '@fintech-ledger/event-store';
import { AnswerUnavailable, CommandOutcomeUnknown, WriterUnavailable } from '@fintech-ledger/journal';
import type { BookedAt } from '@fintech-ledger/journal';
import { DatabaseUnavailable } from '@fintech-ledger/postgres';
import { ApiProblem, retryable, unavailable } from './api-problem';
import type { EdgeProblemCode } from './problem-codes';

const ofFastify: Readonly<Record<string, readonly [EdgeProblemCode, string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: [
    'body_too_large',
    'The body is larger than the operation takes: 1 MB, a bulk 10 MB.',
  ],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['unsupported_media_type', 'The body must be application/json in UTF-8.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [
    'malformed_request',
    'The body is not as long as Content-Length says.',
  ],
  FST_ERR_BAD_URL: ['malformed_url', 'The URL is not well-formed.'],
  FST_ERR_MAX_PARAM_LENGTH: ['malformed_url', 'A part of the URL is too long.'],
};

const searchRetrySeconds = 5;
/** It takes a person to mend a journal. */
const damagedRetrySeconds = 60;

/** The problem that an error is to its client, or undefined when it is a bug of ours. */
export function toProblem(error: unknown): ApiProblem | undefined {
  if (error instanceof ApiProblem) return error;
  if (error instanceof Refused) return ApiProblem.ofRefusal(error.refusal, error.declared);
  if (error instanceof ReadModelBehind) {
    return retryable('read_model_behind', error.message, error.retryAfterSeconds);
  }
  if (error instanceof ReadModelHalted) {
    return retryable('read_model_halted', error.message, error.retryAfterSeconds);
  }
  if (error instanceof ReadModelInconsistent) {
    return retryable('read_model_inconsistent', error.message, damagedRetrySeconds);
  }
  if (error instanceof InvalidCursor) {
    return new ApiProblem('invalid_cursor', 'This cursor is not one that a list gave out.', {
      param: '/cursor',
    });
  }
  if (error instanceof CommandOutcomeUnknown && error.booked !== undefined) {
    const detail =
      'A part of this was booked, the last of it at `position`; of the rest it is not known. ' +
      'With an idempotency key, send it again with the same key; without one, look first at what was booked.';
    return retryable('outcome_unknown', detail, 1, { position: positionOf(error.booked) });
  }
  if (error instanceof CommandOutcomeUnknown || error instanceof OutcomeUnknown) {
    const detail = 'It is not known whether this was booked. Send it again with the same idempotency key.';
    return retryable('outcome_unknown', detail, 1);
  }
  if (error instanceof WriterUnavailable) {
    // What is final has a reason that somebody must look at first.
    const reason = error.isFinal ? `: ${error.message.replace(/\.$/, '')}` : '';
    const detail = `The writer of this ledger is unavailable${reason}. This request booked nothing.`;
    return unavailable(detail, error.retryAfterSeconds);
  }
  if (error instanceof AnswerUnavailable) {
    const detail =
      "It was booked, at `position`, but its answer can't be read now. The same idempotency key gets it later.";
    return retryable('answer_unavailable', detail, 1, { position: positionOf(error) });
  }
  if (error instanceof JournalDisagrees || error instanceof StreamTruncated || error instanceof StreamGone)
    return retryable('journal_damaged', `${error.message}.`, damagedRetrySeconds);
  if (error instanceof StoreUnavailable) return unavailable('The event store is unavailable.', 1);
  if (error instanceof TooManySearches || error instanceof TurnsTaken)
    return unavailable(error.message, searchRetrySeconds);
  if (error instanceof DatabaseUnavailable) return unavailable('The database is unavailable.', 1);
  return ofHttp(error instanceof HttpException ? (error.cause ?? error) : error);
}

const positionOf = ({ stream, revision }: BookedAt): string => `${streamOwner(stream)}@${revision}`;

function ofHttp(error: unknown): ApiProblem | undefined {
  if (error instanceof HttpException && error.getStatus() === 404) {
    return new ApiProblem('not_found', 'There is nothing at this address.');
  }
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, statusCode } = error as { code?: unknown; statusCode?: unknown };
  const known = typeof code === 'string' ? ofFastify[code] : undefined;
  if (known !== undefined) return new ApiProblem(...known);
  // The client disconnected in the middle of its request.
  if (code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE') {
    return new ApiProblem('malformed_request', 'The request ended before its body did.');
  }
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500
    ? new ApiProblem('malformed_request', 'The request is not well-formed.')
    : undefined;
}
