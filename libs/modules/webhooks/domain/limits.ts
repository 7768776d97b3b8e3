/** Webhook endpoints of one organization. */
export const webhookEndpointsMax = 100;
/** Types, or beginnings of types, that one endpoint asks for. */
export const endpointEventTypesMax = 50;
/** Headers that are sent along, and characters of the value of one. */
export const endpointHeadersMax = 20;
export const endpointHeaderLengthMax = 1_000;
/** Secrets of one endpoint that sign at once: each is one signature more in a header. */
export const secretsInForceMax = 5;
/** Seconds for which the secret before a rotation still signs: by default, and at most. */
export const secretOverlapSeconds = 86_400;
export const secretOverlapSecondsMax = 604_800;
