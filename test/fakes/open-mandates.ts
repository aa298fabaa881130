// Mandates without a sender policy: everybody may do everything, as in Development.
import { anonymousCallers } from '../../shared/adapters/auth/unnamed-callers.ts';
import { CallerLimits } from '../../shared/usecases/accept/caller-limits.ts';
import { Mandates } from '../../shared/usecases/accept/mandate.ts';
import { RecordingTelemetry } from './recording-telemetry.ts';

export const openMandates = (): Mandates =>
  new Mandates({
    callers: anonymousCallers,
    limits: new CallerLimits({ exchange: async () => [] }, { now: () => 0 }),
    telemetry: new RecordingTelemetry(),
  });
