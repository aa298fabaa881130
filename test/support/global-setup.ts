// Builds the bundle once before the tests: scenarios run what Azure gets.
import { buildBundle } from './running-stack.ts';

export default function setup(): void {
  buildBundle();
}
