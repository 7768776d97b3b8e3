import { newWebhookSecret, signWebhook, WebhookVerifier } from '@fintech-ledger/webhook-verifier';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
// eslint-disable-next-line no-restricted-imports -- it asks receivers, and not the API
import { request } from 'undici';
import { freePort } from './support/free-port';
import { runTool } from './support/installed-tools';
import { receiverFolder, writeRecipe } from './support/webhook-receivers';
import type { ReceiverFolder } from './support/webhook-receivers';

// The first run installs what receivers have.
jest.setTimeout(600_000);

const id = 'msg_1';
/** What is written again as JSON differs from it, and it is not ASCII. */
const body = '{"type": "payment.succeeded",  "data": {"object": {"note": "\\u00e9 ü €", "amount": 1.0}}}';
const event = { type: 'payment.succeeded', data: { object: { note: 'é ü €', amount: 1 } } };
const secrets = [newWebhookSecret(), newWebhookSecret()];
const [secret = ''] = secrets;
const signed = (more: Partial<Parameters<typeof signWebhook>[1]> = {}) =>
  signWebhook(secrets, { id, timestamp: new Date(), body, ...more });

let receiver: ReceiverFolder;
beforeAll(() => {
  receiver = receiverFolder();
});
afterAll(() => {
  if (receiver !== undefined) rmSync(receiver.folder, { recursive: true, force: true });
});

describe('the packages that are published', () => {
  it('have no dependency, types, and the license', () => {
    const folder = path.join(receiver.folder, 'node_modules', '@fintech-ledger', 'webhook-verifier');
    expect(readdirSync(folder).sort()).toEqual(['LICENSE', 'README.md', 'lib', 'package.json']);
    const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as object;
    expect(manifest).toMatchObject({ name: '@fintech-ledger/webhook-verifier', license: 'Apache-2.0' });
    expect(manifest).not.toHaveProperty('dependencies');
    expect(manifest).not.toHaveProperty('private');
    const file = path.join(receiver.folder, 'types.mts');
    writeFileSync(
      file,
      `import { WebhookVerifier } from '@fintech-ledger/webhook-verifier';
export const type: string = new WebhookVerifier('').verify('', new Headers()).event.type;
`,
    );
    const modules = path.resolve(__dirname, '../node_modules');
    const options = ['--ignoreConfig', '--noEmit', '--strict', '--module', 'nodenext', '--types', 'node'];
    const types = ['--typeRoots', path.join(modules, '@types')];
    runTool(process.execPath, [path.join(modules, 'typescript', 'bin', 'tsc'), ...options, ...types, file]);
  });

  it('pass the tests of the Python one in its own words', () => {
    const source = path.join(receiver.folder, 'packages', 'python');
    runTool(
      receiver.python,
      ['-m', 'unittest', 'discover', '-s', path.join(source, 'tests')],
      receiver.folder,
    );
  });
});

describe('Standard Webhooks in JavaScript', () => {
  const program = `
    import { Webhook } from 'standardwebhooks';
    import { WebhookVerifier } from '@fintech-ledger/webhook-verifier';
    const { secret, id, body, headers } = JSON.parse(process.argv[1]);
    const theirs = new Webhook(secret);
    const timestamp = new Date();
    const signature = theirs.sign(id, timestamp, body);
    const seconds = String(Math.floor(timestamp.getTime() / 1000));
    const own = { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': signature };
    const { event } = new WebhookVerifier(secret).verify(body, own);
    console.log(JSON.stringify({ theirs: theirs.verify(body, headers), ours: event, own }));`;

  it('verifies our messages, and ours verifies theirs', () => {
    for (const one of secrets) {
      const { theirs, ours, own } = runProgram(process.execPath, ['--input-type=module', '-e', program], one);
      expect({ theirs, ours }).toEqual({ theirs: event, ours: event });
      expect(new WebhookVerifier(one).verify(body, own).event).toEqual(event);
    }
  });
});

describe('Standard Webhooks in Python', () => {
  const program = `
import json, sys
from datetime import datetime, timezone
from fintech_ledger_webhooks import WebhookVerifier, sign_webhook
from standardwebhooks.webhooks import Webhook
given = json.loads(sys.argv[1])
secret, id, body, headers = (given[name] for name in ("secret", "id", "body", "headers"))
theirs = Webhook(secret)
now = datetime.now(tz=timezone.utc)
own = {"webhook-id": id, "webhook-timestamp": str(int(now.timestamp())), "webhook-signature": theirs.sign(id, now, body)}
ours = WebhookVerifier(secret).verify(body.encode(), own).event
assert theirs.verify(body, sign_webhook(secret, id, now, body)) == ours
assert WebhookVerifier(secret).verify(body, headers).event == ours
print(json.dumps({"theirs": theirs.verify(body, headers), "ours": ours, "own": own}))`;

  it('verifies our messages, and ours verifies theirs, in both languages', () => {
    for (const one of secrets) {
      const { theirs, ours, own } = runProgram(receiver.python, ['-c', program], one);
      expect({ theirs, ours }).toEqual({ theirs: event, ours: event });
      expect(new WebhookVerifier(one).verify(body, own).event).toEqual(event);
    }
  });
});

describe.each(['Express', 'Fastify', 'Nest', 'FastAPI', 'Flask'])('the recipe for %s', (name) => {
  let child: ChildProcess;
  let url: string;
  let output = '';

  beforeAll(async () => {
    const port = await freePort();
    url = `http://127.0.0.1:${port}/webhooks`;
    const [command = '', ...parameters] = writeRecipe(receiver, name, port);
    const env = { ...process.env, PORT: String(port), WEBHOOK_SECRET: secret, PYTHONDONTWRITEBYTECODE: '1' };
    child = spawn(command, parameters, { cwd: receiver.folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
    await untilListening(port);
  });
  afterAll(async () => {
    if (child === undefined || child.exitCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  });

  it('takes what is signed, byte by byte, and nothing else', async () => {
    expect(await post(body, signed())).toMatchObject({ status: 204 });
    await until(() => output.includes(`${id} payment.succeeded`));
    expect(await post(JSON.stringify(JSON.parse(body)), signed())).toEqual({
      status: 400,
      text: expect.stringContaining('no_matching_signature'),
    });
    expect(await post(body, {})).toEqual({ status: 400, text: expect.stringContaining('missing_header') });
    expect(await post(body, signed({ timestamp: new Date(Date.now() - 400_000) }))).toEqual({
      status: 400,
      text: expect.stringContaining('timestamp_too_old'),
    });
  });

  async function post(content: string, headers: Record<string, string>) {
    const answer = await request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: content,
    });
    return { status: answer.statusCode, text: await answer.body.text() };
  }

  const untilListening = (port: number): Promise<void> =>
    until(() =>
      request(`http://127.0.0.1:${port}/`).then(
        ({ body: rest }) => rest.dump().then(() => true),
        () => false,
      ),
    );

  async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
    while (!(await isSo())) {
      if (child.exitCode !== null) throw new Error(`the receiver has ended: ${output}`);
      await setTimeout(50);
    }
  }
});

function runProgram(command: string, parameters: readonly string[], one: string) {
  const given = JSON.stringify({ secret: one, id, body, headers: signed() });
  return JSON.parse(runTool(command, [...parameters, given], receiver.folder)) as {
    theirs: unknown;
    ours: unknown;
    own: Record<string, string>;
  };
}
