import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from './support/up-process';

const read = (file: string): string => readFileSync(path.join(repositoryRoot, file), 'utf8');
const found = (text: string, pattern: RegExp): readonly string[] =>
  [...text.matchAll(pattern)].map(([, value = '']) => value);

const workflows = readdirSync(path.join(repositoryRoot, '.github/workflows'));
const containers = ['docker-compose.yml', 'docker-compose.standalone.yml', 'infra/docker/Dockerfile'];
/** What is built from the repository is no one else's. */
const images = new Set(
  containers
    .flatMap((file) => found(read(file), /^(?:\s+image:|FROM) (?:\$\{\w+:-)?([^\s}]+)/gm))
    .filter((image) => !image.endsWith(':local')),
);

describe('what others publish', () => {
  it.each(workflows)('is one commit of an action, beside its version: %s', (file) => {
    const used = found(read(`.github/workflows/${file}`), /^\s*(?:- )?uses: (.+)$/gm);
    expect(used.length).toBeGreaterThan(0);
    for (const action of used) expect(action).toMatch(/^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it('is one version of an image', () => {
    expect(images.size).toBe(4);
    for (const image of images)
      expect(image).toMatch(/^[\w./-]+:\d+\.\d+(?:\.\d+)?(?:-[\w.-]+)?(?:@sha256:[0-9a-f]{64})?$/);
  });

  it('can be pinned by digest, as the guide says, all of it', () => {
    const guide = read('docs/how-to/deploy-with-docker.md');
    const [named = ''] = found(guide, /for image in ([^;]+); do/g);
    expect(named.split(/\s+/).sort()).toEqual([...images].map((image) => image.split('@')[0]).sort());
  });
});
