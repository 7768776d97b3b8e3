import type { Authenticator } from '../authentication/authenticator';
import type { ApiRequest } from './api-request';

/**
 * Looks again whether the key is in force, before a controller that changes something without a command: commands are
 * looked at when they are sent. Since the request began its body may have come slowly, and it may have waited.
 */
export function confirmKey(
  authenticator: Pick<Authenticator, 'confirm'>,
  { endpoint, principal }: ApiRequest,
  done: (error?: Error) => void,
): void {
  if (principal === null || endpoint?.changes !== true || endpoint.kind === 'command') done();
  else
    authenticator.confirm(principal).then(
      () => done(),
      (error: unknown) => done(error as Error),
    );
}
