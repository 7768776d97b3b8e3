import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { ShellBlock } from './shell-blocks';

/** What a block wrote, and the JSON values among its lines. */
export interface BlockOutput {
  readonly block: ShellBlock;
  readonly output: string;
  readonly values: readonly unknown[];
}

const separator = '--- the next block of the document ---';

/**
 * Runs blocks one after the other in one shell, as a reader would: what one sets, the next one uses. A command that fails ends it.
 * @throws Error with what was written, when one failed
 */
export async function runShellBlocks(
  blocks: readonly ShellBlock[],
  { url, apiKey, folder }: { readonly url: string; readonly apiKey: string; readonly folder: string },
): Promise<readonly BlockOutput[]> {
  const texts = blocks.map(({ text: script }) =>
    script.replaceAll('http://127.0.0.1:8080', url).replaceAll('sk_…', apiKey),
  );
  const script = ['set -euo pipefail', texts.join(`\necho; echo '${separator}'\n`)].join('\n');
  const child = spawn('bash', ['-c', script], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(child, 'exit');
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  await exited;
  if (child.exitCode !== 0) throw new Error(`a command failed (${child.exitCode}):\n${out}\n${err}`);
  const outputs = out.split(`${separator}\n`);
  return blocks.map((block, index) => {
    const output = outputs[index] ?? '';
    return { block, output, values: output.split('\n').flatMap(valueOf) };
  });
}

function valueOf(line: string): unknown[] {
  if (!line.startsWith('{')) return [];
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}
