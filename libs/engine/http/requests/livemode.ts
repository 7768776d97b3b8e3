import { isLive } from '../authentication/environment';
import { principalOf } from './api-request';
import type { ApiRequest } from './api-request';

/**
 * An answer, whose objects say whether they are of a live environment where their operation is declared so: what a key
 * sees is of its own environment. That never changes, so a repeated answer is the same.
 */
export function withLivemode(request: ApiRequest, answer: object): object {
  const of = request.endpoint?.livemodeOf;
  if (of === undefined) return answer;
  const livemode = isLive(principalOf(request));
  if (of === 'itself') return { ...answer, livemode };
  const { [of]: items = [] } = answer as Partial<Record<typeof of, readonly object[]>>;
  return { ...answer, [of]: items.map((each) => ({ ...each, livemode })) };
}

/** The same of the JSON text that a writer answers. */
export function withLivemodeIn(request: ApiRequest, answer: string): string {
  if (request.endpoint?.livemodeOf === undefined) return answer;
  return JSON.stringify(withLivemode(request, JSON.parse(answer) as object));
}
