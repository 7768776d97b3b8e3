// What of the HTTP edge needs no framework: processes and threads without an API load nothing else of it.
export { isLive } from '../authentication/environment';
export { apiKeyFreshMs, ownersRememberedMax } from '../limits';
export { ApiProblem, retryable, unavailable } from '../problems/api-problem';
export { keyLost } from '../problems/key-lost';
export { changesNothing } from '../requests/changes-nothing';
export { reachPosition } from '../requests/reach-position';
export { newRequestPart, partOfRequestId } from '../requests/request-ids';
export { slicesOfProcess } from '../requests/slices';
export { oneOfRule, textRule } from '../validation/rule';
