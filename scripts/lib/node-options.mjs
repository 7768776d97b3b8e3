// How Node runs the product. The image (infra/docker/Dockerfile) and `npm run up` (package.json) say the same; a test compares them.

/** Most of what a process allocates is garbage soon: with room for it in the young generation, less of it is copied to the old one. */
export const nodeOptions = ['--max-semi-space-size=64'];
