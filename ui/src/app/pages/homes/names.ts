const NAME_MAX = 28;

/** A name that no home has: the wanted one in letters that names may have, with a number behind it when it is taken. */
export function freeName(wanted: string, taken: readonly string[]): string {
  const name =
    wanted
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '_')
      .replace(/^[^a-z]+|_+$/g, '')
      .slice(0, NAME_MAX) || 'home';
  for (let number = 1; ; number++) {
    const free = number === 1 ? name : `${name}_${number}`;
    if (!taken.includes(free)) return free;
  }
}

/** The name in a home file's line "home: NAME"; "" without such a line. */
export function nameIn(text: string): string {
  return /^home:\s*["']?([\w-]+)/m.exec(text)?.[1] ?? '';
}
