/** Something in a message that is not as it was. */
export interface Difference {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

const DIFFERENCES_MAX = 100;

/** What differs between two messages, by the path to it. */
export function differences(before: unknown, after: unknown): Difference[] {
  const [old, now] = [leaves(before), leaves(after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((path) => old.get(path) !== now.get(path))
    .slice(0, DIFFERENCES_MAX)
    .map((path) => ({ path, before: told(old, path), after: told(now, path) }));
}

/** Paths at which a message has a number. */
export function numbersOf(body: unknown): string[] {
  return [...leaves(body)].filter(([, value]) => typeof value === 'number').map(([path]) => path);
}

/** The number at a path; null when there is none. */
export function numberAt(body: unknown, path: string): number | null {
  const found = leaves(body).get(path);
  return typeof found === 'number' ? found : null;
}

function told(found: ReadonlyMap<string, unknown>, path: string): string {
  return found.has(path) ? JSON.stringify(found.get(path)) : '–';
}

function leaves(body: unknown, path = '', found = new Map<string, unknown>()): Map<string, unknown> {
  if (typeof body !== 'object' || body === null) return found.set(path, body);
  for (const [name, value] of Object.entries(body)) leaves(value, path ? `${path}.${name}` : name, found);
  return found;
}
