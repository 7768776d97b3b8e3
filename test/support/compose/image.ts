import { DockerfileParser } from 'dockerfile-ast';
import type { Copy, Env, JSONInstruction } from 'dockerfile-ast';
import { cp, mkdir, readFile, symlink } from 'node:fs/promises';
import path from 'node:path';
import { repositoryRoot } from '../up-process';

/** What the last stage of infra/docker/Dockerfile says. */
export interface Image {
  readonly environment: Readonly<Record<string, string>>;
  readonly command: readonly string[];
  /** Paths of the repository, and where they are in the working folder of the image. */
  readonly files: readonly (readonly [string, string])[];
}

export async function readImage(): Promise<Image> {
  const text = await readFile(path.join(repositoryRoot, 'infra/docker/Dockerfile'), 'utf8');
  const all = DockerfileParser.parse(text).getInstructions();
  const stage = all.slice(all.findLastIndex((instruction) => instruction.getKeyword() === 'FROM'));
  const named = (keyword: string) => stage.filter((instruction) => instruction.getKeyword() === keyword);
  const properties = (named('ENV') as Env[]).flatMap((env) => env.getProperties());
  const command = (named('CMD') as JSONInstruction[]).at(-1)?.getJSONStrings() ?? [];
  return {
    environment: Object.fromEntries(properties.map((one) => [one.getName(), one.getValue() ?? ''])),
    command: command.map((argument) => JSON.parse(argument.getValue()) as string),
    files: (named('COPY') as Copy[]).flatMap(copied),
  };
}

function copied(copy: Copy): [string, string][] {
  const values = copy.getArguments().map((argument) => argument.getValue());
  const target = values.pop() ?? '';
  return values.map((value) => {
    const source = path.posix.relative('/app', value);
    return [source, target.endsWith('/') ? path.posix.join(target, path.posix.basename(source)) : target];
  });
}

/** Lays out the working folder of the image: its files, and nothing else of the repository. Packages are linked. */
export async function layOut(image: Image, folder: string): Promise<void> {
  for (const [source, target] of image.files) {
    const from = path.join(repositoryRoot, source);
    const to = path.join(folder, target);
    await mkdir(path.dirname(to), { recursive: true });
    if (path.basename(source) === 'node_modules') await symlink(from, to);
    else await cp(from, to, { recursive: true });
  }
}
