// What every view needs: the client of the API, who uses the page, and what the deployment says.
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { ConsoleConfig } from '../../ports/console-page.ts';
import type { Client } from '../api/client.ts';
import type { Session } from '../sign-in/session.ts';

export interface Surroundings {
  client: Client;
  session: Session;
  config: ConsoleConfig;
  /** Read out, and shown for a moment. */
  say: (text: string) => void;
}

export const SurroundingsContext = createContext<Surroundings | undefined>(undefined);

export function useSurroundings(): Surroundings {
  const surroundings = useContext(SurroundingsContext);
  if (!surroundings) throw new Error('outside of the page');
  return surroundings;
}
