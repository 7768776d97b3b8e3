import { spawnSync } from 'node:child_process';
import path from 'node:path';

jest.setTimeout(60_000);

const root = path.resolve(__dirname, '..');
/** The rules that a text breaks, as a file of the product. */
function broken(file: string, text: string): readonly string[] {
  const eslint = path.join(root, 'node_modules', 'eslint', 'bin', 'eslint.js');
  const parameters = [eslint, '--stdin', '--stdin-filename', file, '--format', 'json'];
  const { stdout, stderr } = spawnSync(process.execPath, parameters, {
    cwd: root,
    input: text,
    encoding: 'utf8',
  });
  if (stdout === '') throw new Error(stderr);
  const [{ messages = [] } = {}] = JSON.parse(stdout) as { messages: { ruleId: string; line: number }[] }[];
  return messages.map(({ ruleId, line }) => `${line} ${ruleId}`);
}

describe('a request that leaves the installation', () => {
  const sends = [
    `import { request } from 'undici';`,
    `import { get } from 'node:https';`,
    `import net from 'node:net';`,
    `import { connect } from 'node:tls';`,
    `import { createServer } from 'node:http';`,
    `export const all = [request, get, net, connect, createServer, fetch];`,
    '',
  ].join('\n');
  const imports = [1, 2, 3, 4].map((line) => `${line} @typescript-eslint/no-restricted-imports`);

  it.each(['libs/modules/webhooks/x.ts', 'libs/engine/http/x.ts', 'apps/dispatcher/src/x.ts'])(
    'is refused by lint in %s, which is to use the guard',
    (file) => {
      expect(broken(file, sends)).toEqual([...imports, '6 no-restricted-globals']);
    },
  );

  it('is made where it is judged', () => {
    expect(broken('libs/platform/outbound/x.ts', sends)).toEqual([]);
  });
});
