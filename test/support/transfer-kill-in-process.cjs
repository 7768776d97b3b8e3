// Loaded before an app of `dist`: it kills the process the first time that a ledger is to be told of a transfer, before
// it is or after it (TRANSFER_KILL=before|after). Which transfers have done so is in the file TRANSFER_KILLED.
const { appendFileSync, readFileSync } = require('node:fs');
const path = require('node:path');
const process = require('node:process');

const when = process.env.TRANSFER_KILL;
const killed = process.env.TRANSFER_KILLED;
const processing = path.resolve(
  __dirname,
  '..',
  '..',
  'dist',
  'libs',
  'modules',
  'ledger-transfers',
  'processing',
);
const { Deliveries } = require(path.join(processing, 'deliveries.js'));

const { run } = Deliveries.prototype;
if (when === 'before' || when === 'after') {
  Deliveries.prototype.run = async function killing(effect, signal) {
    const isNew = !readFileSync(killed, 'utf8').split('\n').includes(effect.key);
    if (!isNew) return run.call(this, effect, signal);
    if (when === 'after') await run.call(this, effect, signal);
    appendFileSync(killed, `${effect.key}\n`);
    process.kill(process.pid, 'SIGKILL');
    return new Promise(() => undefined);
  };
}
