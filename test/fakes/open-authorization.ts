// Authorization without a sender policy: everybody may do everything, as in Development.
import { anonymousCallers } from '../../shared/adapters/auth/unnamed-callers.ts';
import { Authorization } from '../../shared/usecases/accept/authorization.ts';
import { CallerLimits } from '../../shared/usecases/accept/caller-limits.ts';
import { RecordingTelemetry } from './recording-telemetry.ts';

export const openAuthorization = (): Authorization =>
  new Authorization({
    callers: anonymousCallers,
    limits: new CallerLimits({ exchange: async () => [] }, { now: () => 0 }),
    telemetry: new RecordingTelemetry(),
  });
