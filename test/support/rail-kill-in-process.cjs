// Loaded before an app of `dist`: its simulator kills the process with the first call that charges for a key, before it
// is done or after it (RAIL_KILL=before|after), so that what the rail knows and what the journal has part there. The
// keys are in the file RAIL_KILLED.
const { appendFileSync, readFileSync } = require('node:fs');
const path = require('node:path');
const process = require('node:process');

const when = process.env.RAIL_KILL;
const killed = process.env.RAIL_KILLED;
const rails = path.resolve(__dirname, '..', '..', 'dist', 'libs', 'modules', 'payments', 'rails');
const { SimulatorRail } = require(path.join(rails, 'simulator', 'simulator-rail.js'));

const { authorize } = SimulatorRail.prototype;
if (when === 'before' || when === 'after') {
  SimulatorRail.prototype.authorize = async function killing(call) {
    const isNew = !readFileSync(killed, 'utf8').split('\n').includes(call.key);
    if (!isNew) return authorize.call(this, call);
    if (when === 'after') await authorize.call(this, call);
    appendFileSync(killed, `${call.key}\n`);
    process.kill(process.pid, 'SIGKILL');
    return new Promise(() => undefined);
  };
}
