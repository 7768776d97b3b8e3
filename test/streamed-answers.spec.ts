import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.join(__dirname, '..');
const sources = ['libs/modules', 'libs/engine/http', 'apps/api'].flatMap((folder) =>
  (readdirSync(path.join(root, folder), { recursive: true }) as string[])
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts') && !name.includes('node_modules'))
    .map((name) => path.join(folder, name)),
);
/** What is written to a connection past Fastify passes no hook of ours. */
const pastHooks = /\.hijack\(|\braw\.(?:write|writeHead|end)\(|\.pipe\((?:reply\.)?raw\)/;

describe('answers that are sent piece by piece', () => {
  it('pass the hook that ends them with their API key, but for streams of events, which ask for themselves', () => {
    const past = sources.filter((file) => pastHooks.test(readFileSync(path.join(root, file), 'utf8')));
    expect(past).toEqual(['libs/modules/ledger/history/event-streams.ts']);
    expect(readFileSync(path.join(root, past[0] ?? ''), 'utf8')).toContain('isStillAllowed()');
    expect(sources.length).toBeGreaterThan(500);
  });
});
