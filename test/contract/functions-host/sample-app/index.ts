// The sample app's single entry point: registers every function of it.
import './hooks.ts';
import './guard.ts';
import './http-functions.ts';
import './timer-functions.ts';
import './service-bus-functions.ts';

// Proves that settings are checked while loading: the host must refuse to start.
if (process.env['SAMPLE_MODE'] === 'broken') throw new Error('SAMPLE_MODE is broken: not a valid setting');
