/** Of what goes out: webhooks and tree heads. @type {readonly import('./variables.mjs').Variable[]} */
export const outboundVariables = [
  {
    name: 'WEBHOOK_ALLOWED_CIDRS',
    group: 'general',
    meaning:
      'ranges of addresses that are not public and that URLs of customers may lead to, ' +
      'such as `10.1.0.0/16,fd00:1::/32`: [outbound requests](../explanation/outbound-requests.md). Not set: none',
  },
  { name: 'WEBHOOK_RATE', group: 'general', meaning: 'attempts a second to one webhook endpoint' },
  { name: 'WEBHOOK_ATTEMPT_DAYS', group: 'general', meaning: 'days for which attempts at webhooks are kept' },
  {
    name: 'AUDIT_HEADS_SECONDS',
    group: 'general',
    meaning:
      'how often signed tree heads of the ledgers that changed are ' +
      '[published](../how-to/prove-your-books.md#publish-heads), where one of the next says where to',
  },
  { name: 'AUDIT_HEADS_FILE', group: 'general', meaning: 'a file that heads are appended to, one a line' },
  {
    name: 'AUDIT_HEADS_URL',
    group: 'general',
    meaning:
      'where heads are posted as NDJSON. An address that is not public must be in `WEBHOOK_ALLOWED_CIDRS`',
  },
  {
    name: 'AUDIT_HEADS_URL_TOKEN',
    group: 'general',
    meaning: 'sent there as `Authorization: Bearer`',
  },
  {
    name: 'AUDIT_HEADS_LEDGER_URL',
    group: 'general',
    meaning:
      'another ledger, of this product, that heads are booked in: `https://host/v1/ledgers/led_1`, ' +
      'with an API key in `AUDIT_HEADS_LEDGER_KEY` that has `ledger:write`',
  },
  { name: 'AUDIT_HEADS_LEDGER_KEY', group: 'general', meaning: 'the API key of that ledger' },
];
