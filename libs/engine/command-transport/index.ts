export { startCommandServer } from './command-server';
export type { CommandServer, CommandServerOptions } from './command-server';
export { HttpForwarder } from './http-forwarder';
