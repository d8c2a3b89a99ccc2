import { spoken } from './units';
import { KINDS } from './words';

/** What people call a property: the home knows it without its unit, reserve_percent as Reserve. In English it is spoken as it is written. */
export function propertyName(name: string): string {
  const words = name.split('_');
  for (let count = words.length; count > 0; count--) {
    const title = words.slice(0, count).join(' ');
    const said = KINDS.find(title.charAt(0).toUpperCase() + title.slice(1));
    if (said) return said;
  }
  return spoken(name);
}
