// fast-check as specs import it: properties that name no seed take the run's, as all other random input does.
/* global jest */
const fastCheck = require('../../node_modules/fast-check/lib/cjs/fast-check.js');

fastCheck.configureGlobal({ ...fastCheck.readConfigureGlobal(), seed: jest.getSeed() });
module.exports = fastCheck;
