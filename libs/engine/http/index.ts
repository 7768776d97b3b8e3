export * from './base';
export { apiLogPort, apiMetricsPort } from './api-ports';
export type { ApiLog, ApiMetrics } from './api-ports';
export type { ApiParts } from './api-parts';
export { apiKeyDirectoryPort } from './authentication/api-key-directory';
export type { ApiKeyCredentials, ApiKeyDirectory, OlderSecret } from './authentication/api-key-directory';
export type { ApiKeyFormat } from './authentication/api-key-format';
export type { Environment } from './authentication/environment';
export type { KeyUses } from './authentication/key-uses';
export { mayComeFrom } from './authentication/principal';
export type { Principal } from './authentication/principal';
export { Authenticator, bearerToken, KeyCheckedGateway } from './authentication/authenticator';
export {
  nothingAcknowledged,
  RememberingGateway,
  unlessWrong,
  WriteWatch,
} from './commands/around-the-gateway';
export type { Acknowledged, AcknowledgedPositions } from './commands/around-the-gateway';
export {
  commandContext,
  idempotencyKeyOf,
  keyedRequestOf,
  queryContext,
  sendOutcome,
  triedIn,
  whyGone,
  withIdempotency,
} from './commands/http-command';
export { checkedTrials } from './commands/checked-trials';
export { isDryRun } from './requests/is-dry-run';
export { whenGone } from './requests/when-gone';
export { contextsOf } from './commands/many-commands';
export { DocumentationController } from './documentation/documentation.controller';
export { errorReference } from './documentation/error-reference';
export { OpenApiDocument, openApiText } from './documentation/open-api-document';
export {
  apiKeyScopesMax,
  bodyBytesMax,
  bulkBodyBytesMax,
  clientSilenceMsMax,
  connectionsPerAddressMax,
  eventStreamHeartbeatSeconds,
  eventStreamsMax,
  headMsMax,
  ndjsonBytesInFlightMax,
  ndjsonLineBytesMax,
  ndjsonLinesInFlightMax,
  pathParameterLengthMax,
  preconditionsMax,
} from './limits';
export { Admission } from './admission/admission';
export { postgresShares } from './admission/postgres-shares';
export { ShareKeeper } from './admission/shares';
export type { ShareExchange } from './admission/shares';
export { holdKey, isKept, keptAnswersPort } from './kept-answers/kept-answers';
export type { KeptAnswer, KeptAnswers, KeyedRequest } from './kept-answers/kept-answers';
export { postgresKeptAnswers } from './kept-answers/postgres-kept-answers';
export type { DeclaredProblems, ProblemFacts } from './problems/problem-shape';
export { ProblemFilter } from './problems/problem.filter';
export { sendProblem } from './problems/send-problem';
export { toProblem } from './problems/to-problem';
export {
  bodyOf,
  isNdjson,
  pathParameter,
  principalOf,
  queryOfRequest,
  refusalsOf,
} from './requests/api-request';
export type { ApiRequest } from './requests/api-request';
export { nextRequestId } from './requests/request-ids';
export { brokenRequestHandler } from './requests/broken-requests';
export { noteExpectations } from './requests/strange-heads';
export { limitConnections } from './requests/connection-limits';
export { registerContentTypes, parseJsonBody } from './requests/request-bodies';
export type { PathParameter } from './requests/path-parameter';
export type { EndpointOptions } from './requests/endpoint-options';
export { Endpoint, endpointsOf } from './requests/endpoint';
export { OpenBodies } from './requests/request-bodies';
export { OpenRequests } from './requests/open-requests';
export { refuseOtherMethods } from './requests/other-methods';
export { registerRequestHooks } from './requests/request-hooks';
export { DescriptionChangesDto } from './requests/description-changes.dto';
export {
  pageOf,
  wholePageOf,
  CommandQuery,
  PageQuery,
  WholePageQuery,
  timeWindow,
  windowMs,
} from './requests/query-dtos';
export {
  asOfQuery,
  organizationReaderOf,
  readerAsOf,
  readerOf,
  readerOfAll,
  revisionOfOwner,
  sendAnswer,
  sendJson,
} from './requests/position';
export { mayBeSealed, sealedMetadataPort, sealMetadata } from './requests/sealed-metadata';
export type { SealedBody, SealedMetadata, SealedValue } from './requests/sealed-metadata';
export { traceFacts } from './requests/request-trace';
export { noteMade } from './requests/request-trail';
export type { RequestTrail } from './requests/request-trail';
export { SecurityLog } from './requests/security-log';
export { compileDto } from './validation/compile';
export {
  AsksFor,
  Described,
  Is,
  ListOf,
  ListOfValues,
  Nested,
  Nullable,
  Optional,
} from './validation/decorators';
export type { BodyOf } from './validation/decorators';
export { compiledStyle, dtoSchema } from './validation/dto-schema';
export { NeedsScope } from './validation/field-scopes';
export type { JsonSchema } from './validation/json-schema';
export { asOfRule, cursorRule, limitRule, revisionRule, yesNoRule } from './validation/query-rules';
export { lengthRule, lineRule, wholeRule } from './validation/rule';
export type { Rule } from './validation/rule';
export { foundSubjectValues } from './validation/subject-values';
export type { SubjectValue } from './validation/subject-values';
export {
  addressRangeRule,
  flagRule,
  metadataChangesRule,
  metadataFilterRule,
  metadataRule,
  timeRule,
} from './validation/rules';
export {
  countryRule,
  dayRule,
  descriptionRule,
  emailRule,
  nameRule,
  referenceRule,
} from './validation/text-rules';
