/** On every answer: books and keys are kept by no cache, and nothing is taken for another type. */
export const securityHeaders = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;
