// The one entry file: registers every function. If the settings are wrong, it registers only those that say so, and each problem is in the log.
import './setup.ts';
import './trace.ts';
import { startFault } from '../shared/composition-root.ts';
import { registerHttp, registerNotStarted } from './http.ts';
import { registerServiceBus } from './service-bus.ts';
import { registerTimers } from './timers.ts';

const fault = startFault();
if (fault) {
  // The host would load no function of a module that throws, and answer 404 without a reason.
  console.error(`The app has not started: ${fault.forTheLog}`);
  registerNotStarted(fault);
} else {
  registerServiceBus();
  registerTimers();
  registerHttp();
}
