import { createHash } from 'node:crypto';
import { decimal } from '@fintech-ledger/payments/domain';
import type { OpenAction, PayerAction } from '../rails/simulator/simulator-controls';

type Payment = OpenAction['payment'];

const style = `
:root { color: #1a2433; background: #f1f4f8; font: 1rem/1.5 system-ui, sans-serif }
body { margin: 0; padding: 1rem }
main { box-sizing: border-box; max-width: 28rem; margin: 8vh auto 0; padding: 1.5rem 2rem 2rem;
  background: #fff; border: 1px solid #d5dce6; border-radius: .75rem }
h1 { font-size: 1.375rem; line-height: 1.3; margin: .5rem 0 1rem }
.test { margin: 0; color: #6b4a00; font-size: .875rem; font-weight: 600 }
dl { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1.5rem; margin: 1.5rem 0 }
dt { color: #566377 }
dd { margin: 0; text-align: right; overflow-wrap: anywhere }
.amount { font-weight: 600 }
button { display: block; width: 100%; margin: .75rem 0 0; padding: .75rem 1rem; font: inherit; font-weight: 600;
  color: #1a2433; background: #fff; border: 1px solid #8794a8; border-radius: .5rem; cursor: pointer }
button.main { color: #fff; background: #1f4fd8; border-color: #1f4fd8 }
button:disabled { opacity: .5; cursor: default }
button:focus-visible, a:focus-visible { outline: 3px solid #7aa2ff; outline-offset: 2px }
a { color: #1f4fd8; overflow-wrap: anywhere }
[role=status] { margin: 1rem 0 0; color: #a3231b }
[role=status]:empty { margin: 0 }
`;
const styleHash = createHash('sha256').update(style).digest('base64');

/** Nothing from elsewhere, no inline script, no style but the page's own, in no frame. */
export const pagePolicy =
  `default-src 'none'; script-src 'self'; style-src 'sha256-${styleHash}'; img-src data:; connect-src 'self'; ` +
  "frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => escapes[character] ?? '');

const over = 'There is nothing to do here any more.';
const authenticated = {
  title: 'Authentication complete',
  says: `You were authenticated. ${over}`,
  outcome: 'succeeded',
} as const;
/** By what has become of the payment: what its page says, and what the payer comes back with. */
const ends: Readonly<
  Record<
    Exclude<Payment['state'], 'requires_action'>,
    { readonly title: string; readonly says: string; readonly outcome?: PayerAction }
  >
> = {
  authorized: authenticated,
  captured: authenticated,
  declined: {
    title: 'Authentication failed',
    says: `You were not authenticated, and nothing was charged. ${over}`,
    outcome: 'failed',
  },
  pending: { title: 'Payment under way', says: over },
  voided: { title: 'Payment canceled', says: `This payment was canceled. ${over}` },
};

/** Where a payer authenticates, or does not: the 3-D Secure of the simulator. */
export function simulatorPage({ payment }: OpenAction): string {
  const { state } = payment;
  if (state !== 'requires_action') return endPage(payment, ends[state]);
  return page(
    'Confirm your payment',
    `<p>Your bank asks whether it is you who is paying. Choose how this test goes on.</p>
${details(payment)}
<button class="main" data-outcome="succeeded">Complete authentication</button>
<button data-outcome="failed">Fail authentication</button>
<p role="status"></p>
<noscript><p>This page needs JavaScript.</p></noscript>
<script src="../actions.js"></script>`,
  );
}

/** For a link that leads nowhere. */
export const noSuchPage = (): string =>
  page(
    'There is no such page',
    '<p>The link may be incomplete. Go back to where you came from, and pay again from there.</p>',
  );

/** Where the payer comes back to, with what it came to; null: nowhere. */
export function returnUrl({ payment, returnUrl: url }: Payment, outcome: PayerAction): string | null {
  if (url === null || !URL.canParse(url)) return null;
  const to = new URL(url);
  to.searchParams.set('payment', payment);
  to.searchParams.set('redirect_status', outcome);
  return to.href;
}

function endPage(payment: Payment, { title, says, outcome }: (typeof ends)['captured']): string {
  const url = outcome === undefined ? null : returnUrl(payment, outcome);
  const back =
    url === null
      ? '<p>You may close this page.</p>'
      : `<p><a href="${escaped(url)}">Back to ${escaped(new URL(url).host)}</a></p>`;
  return page(title, `<p>${says}</p>\n${details(payment)}\n${back}`);
}

function details({ amountMinor, currency, payment }: Payment): string {
  const amount = `${decimal(String(amountMinor), currency)} ${currency}`;
  return `<dl>
<dt>Amount</dt><dd class="amount">${escaped(amount)}</dd>
<dt>Payment</dt><dd>${escaped(payment)}</dd>
</dl>`;
}

// The icon that browsers would ask for is an empty one.
const page = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – 3-D Secure test page</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<main>
<p class="test">3-D Secure test page. No money moves.</p>
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`;

/**
 * A file of its own, because the page's policy allows no inline script. Addresses are relative: a public address may
 * have a path.
 */
export const simulatorScript = `const status = document.querySelector('[role=status]');
const buttons = [...document.querySelectorAll('button[data-outcome]')];
async function act({ currentTarget: pressed }) {
  for (const button of buttons) button.disabled = true;
  status.textContent = '';
  const body = JSON.stringify({ outcome: pressed.dataset.outcome });
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(location.pathname, { method: 'POST', headers, body }).catch(() => undefined);
  if (answer?.ok) {
    const { return_url: url } = await answer.json();
    if (url) location.replace(url);
    else location.reload();
  } else if (answer?.status === 404) {
    // What there was to do is over: the page says why.
    location.reload();
  } else {
    for (const button of buttons) button.disabled = false;
    pressed.focus();
    status.textContent = 'That did not work. Try again.';
  }
}
for (const button of buttons) button.addEventListener('click', act);
`;
