/** Who signs in: a principal of a home, and its secret. */
export interface Ticket {
  readonly principal: string;
  readonly secret: string;
}

const LINK = /^#\/?([a-z][a-z0-9_]{0,31}\/~[a-z][a-z0-9_]{0,31})\/([A-Za-z0-9_-]{43,64})$/;
const KEY = 'joulebus.ticket';

/** The ticket in a fragment such as #house/~operator/SECRET; null when it is none. */
export function parseLink(fragment: string): Ticket | null {
  const found = LINK.exec(fragment);
  return found?.[1] && found[2] ? { principal: found[1], secret: found[2] } : null;
}

/** Keep the ticket of the address for this tab, and take it out of address and history; whether there was one. */
export function takeLink(window: Window): boolean {
  const ticket = parseLink(window.location.hash);
  if (!ticket) return false;
  window.sessionStorage.setItem(KEY, JSON.stringify(ticket));
  window.history.replaceState(null, '', window.location.pathname + '#/live');
  return true;
}

/** The ticket of this tab; null for a guest. */
export function ticketOf(storage: Storage): Ticket | null {
  const kept = storage.getItem(KEY);
  return kept ? (JSON.parse(kept) as Ticket) : null;
}

/** Keep another secret of the same person for this tab: that of the session which a password or a one-time link has begun. */
export function keepTicket(storage: Storage, ticket: Ticket): void {
  storage.setItem(KEY, JSON.stringify(ticket));
}

/** From now on this tab is a guest. */
export function forgetTicket(storage: Storage): void {
  storage.removeItem(KEY);
}
