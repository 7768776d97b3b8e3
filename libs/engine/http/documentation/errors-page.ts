import type { ErrorEntry } from './error-reference';

/** Where the `type` of a problem leads: what each code means. */
export function errorsPage(entries: readonly ErrorEntry[]): string {
  const rows = entries
    .map(
      ({ code, status, meaning }) =>
        `<tr id="${code}"><td><code>${code}</code></td><td>${status}</td><td>${escaped(meaning)}</td></tr>`,
    )
    .join('\n');
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Errors</title>
<style>body{font-family:sans-serif;margin:2rem auto;max-width:60rem}td,th{padding:.3rem .8rem;text-align:left;vertical-align:top}:target{background:#fe9}</style>
</head>
<body>
<h1>Errors</h1>
<table>
<tr><th>Code</th><th>Status</th><th>Meaning</th></tr>
${rows}
</table>
</body>
</html>
`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/`([^`]*)`/g, '<code>$1</code>');
}
