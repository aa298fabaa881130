// A key pair of the emulator's tenant. Making one takes a tenth of a second of CPU.
import { generateKeyPair } from 'jose';

export type KeyPair = Awaited<ReturnType<typeof generateKeyPair>>;

export const newKeyPair = (): Promise<KeyPair> => generateKeyPair('RS256', { extractable: true });

/** The first pair of a process. The compiled emulator has it from its compiler (local-stack/compile.ts). */
export const firstKeyPair = (): Promise<KeyPair> => newKeyPair();
