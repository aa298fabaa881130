// The one entry file: registers every function. The settings are read on the way, so that a wrong one stops the start with every problem listed.
import './setup.ts';
import './trace.ts';
import './service-bus.ts';
import './timers.ts';
import './http.ts';
