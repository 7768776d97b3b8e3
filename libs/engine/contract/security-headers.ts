/** On every answer, also to health checks: no cache keeps books or keys, and nothing is taken for another type. */
export const securityHeaders = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;
