export { OutboundClient } from './outbound-client';
export type { OutboundClientOptions, OutboundRequest } from './outbound-client';
export { forbiddenUrl, OutboundGuard } from './outbound-guard';
export type { FailureReason, Outcome } from './outcome';
export { headerRefusal, headersRefusal, invalidRequestHeader } from './request-headers';
export { dnsResolver, rememberNames } from './resolve-name';
export type { ResolveName } from './resolve-name';
export { invalidUrl } from './target-url';
export type { UrlRules } from './target-url';
