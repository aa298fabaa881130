// The version of this release, as package.json has it.
import manifest from '../package.json' with { type: 'json' };

export const VERSION: string = manifest.version;
