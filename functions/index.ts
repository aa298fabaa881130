// The entry file: registers every function. If the settings are wrong, it registers only the functions that say so, and logs each problem.
import './setup.ts';
import './trace.ts';
import { startFault } from '../shared/composition/composition-root.ts';
import { registerHttp, registerNotStarted } from './http.ts';
import { registerServiceBus } from './service-bus.ts';
import { registerTimers } from './timers.ts';

const fault = startFault();
if (fault) {
  // If this module threw, the host would load no function, and answer 404 without a reason.
  console.error(`The app has not started: ${fault.forTheLog}`);
  registerNotStarted(fault);
} else {
  registerServiceBus();
  registerTimers();
  registerHttp();
}
