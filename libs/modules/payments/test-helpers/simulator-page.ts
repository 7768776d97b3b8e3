import type { OpenAction } from '../rails/simulator/simulator-controls';

/** Nothing from elsewhere, no inline script, in no frame. */
export const pagePolicy =
  "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; connect-src 'self'; " +
  "frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

const style = `body { font: 1rem/1.5 system-ui, sans-serif; margin: 4rem auto; max-width: 28rem; padding: 0 1rem }
button { font: inherit; margin: 0 .5rem .5rem 0; padding: .5rem 1rem }`;

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => escapes[character] ?? '');

/** Where a payer authenticates, or does not: the 3-D Secure of the simulator. */
export function simulatorPage({ payment }: OpenAction): string {
  const { amountMinor, currency, payment: id, state } = payment;
  const isOpen = state === 'requires_action';
  const money = escaped(`${amountMinor} ${currency}`);
  const body = isOpen
    ? `<p>Your bank asks whether you pay ${money} (minor units) for <code>${escaped(id)}</code>.</p>
<p><button data-outcome="succeeded">Complete authentication</button>
<button data-outcome="failed">Fail authentication</button></p>
<p role="status" id="status"></p>
<noscript><p>This page needs JavaScript.</p></noscript>
<script src="/simulator/actions.js"></script>`
    : '<p>There is nothing to do here any more.</p>';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>3-D Secure test page</title>
<style>${style}</style>
</head>
<body>
<h1>3-D Secure test page</h1>
${body}
</body>
</html>
`;
}

/** A file of its own, because the page's policy allows no inline script. */
export const simulatorScript = `const status = document.getElementById('status');
const buttons = [...document.querySelectorAll('button[data-outcome]')];
async function act({ currentTarget }) {
  for (const button of buttons) button.disabled = true;
  const body = JSON.stringify({ outcome: currentTarget.dataset.outcome });
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(location.pathname, { method: 'POST', headers, body }).catch(() => undefined);
  if (!answer || !answer.ok) {
    status.textContent = 'That did not work. Try again.';
    for (const button of buttons) button.disabled = false;
    return;
  }
  const { return_url: url, outcome } = await answer.json();
  if (url) location.replace(url);
  else status.textContent = outcome === 'succeeded' ? 'Thank you. You may close this page.' : 'The payment failed.';
}
for (const button of buttons) button.addEventListener('click', act);
`;
