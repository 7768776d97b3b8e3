// Loaded before an app of `dist`: its list of modules has the test module whose effects a carrier does, at CARRIER_URL.
const path = require('node:path');
const process = require('node:process');

const dist = path.resolve(__dirname, '..', '..', 'dist');
const listed = path.join(dist, 'apps', 'modules.js');
const { modules, publicEvents } = require(listed);
const { Modules } = require(path.join(dist, 'libs', 'engine', 'manifest'));
const { carrierModule } = require(path.join(dist, 'libs', 'testing', 'carrier', 'carrier-module.js'));

const carrier = carrierModule({ carrier: process.env.CARRIER_URL ?? '', patienceMs: 500 });
const joined = new Modules([...modules.manifests, carrier]);
require.cache[listed].exports = { publicEvents, modules: joined };
