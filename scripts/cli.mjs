#!/usr/bin/env node
// `graph-mail-queue`: the commands that people run. They are TypeScript, which tsx reads.
import { register } from 'tsx/esm/api';

register();
await import('./cli.ts');
