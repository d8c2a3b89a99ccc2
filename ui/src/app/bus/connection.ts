import { computed, inject, Injectable, signal } from '@angular/core';
import type { Procedures, Topics } from '@words';
import autobahn, { AutobahnConnection, Details, Session, WampError } from '../../vendor/autobahn.mjs';
import { CallError, callError, inOwnLanguage, TIMEOUT } from './errors';
import { Specification } from './specification';
import { keepTicket, Ticket, ticketOf } from './ticket';

const REALM = 'joulebus';
const CALL_SECONDS = 40;
/** What the router puts before the sentence of whoever looks at tickets. */
const BEFORE_REASON = /^dynamic authenticator failed: /;
const RETRY_SECONDS = { first: 0.5, most: 10 };

export type State = 'connecting' | 'online' | 'offline' | 'refused';
export type Handler<T> = (message: T, topic: string, publisher: string) => void;

/** Something that is heard again after each reconnection; close() ends it. */
export interface Hearing {
  close(): void;
}

interface Wish {
  readonly address: string;
  readonly match: 'exact' | 'prefix' | 'wildcard';
  readonly handler: Handler<unknown>;
  current: { unsubscribe(): Promise<unknown> } | null;
  closed: boolean;
}

/** The one connection to the router: signs in, comes back by itself, and renews what is heard. */
@Injectable({ providedIn: 'root' })
export class Connection {
  readonly state = signal<State>('connecting');
  /** Why nobody was let in, as the home says it. */
  readonly reason = signal('');
  /** The home that is shown, and the principal who looks at it. */
  readonly principal = signal('');
  readonly home = computed(() => this.principal().split('/')[0] ?? '');
  readonly role = signal('');
  /** The number of this tab's session. */
  readonly number = signal(0);
  /** Sign-ins so far: whoever needs a fresh picture after each of them reads this. */
  readonly joins = signal(0);

  private readonly specification = inject(Specification);
  /** Of whom this tab is; null for a guest. */
  ticket: Ticket | null = ticketOf(sessionStorage);
  private session: Session | null = null;
  private readonly wishes = new Set<Wish>();
  private connection = this.opened();

  /** Become somebody else without a new page. The secret stays in memory until the session has one of its own; what was before comes back when it is wrong, and a CallError says so. */
  async signIn(ticket: Ticket): Promise<void> {
    const before = this.ticket;
    this.leave();
    this.ticket = ticket;
    try {
      await new Promise<void>((done, refuse) => (this.connection = this.opened(done, refuse)));
    } catch (error) {
      this.leave();
      this.ticket = before;
      this.connection = this.opened();
      throw await inOwnLanguage(error as CallError);
    }
  }

  private leave(): void {
    this.connection.onclose = () => true;
    try {
      this.connection.close();
    } catch {
      // It was not open.
    }
    this.session = null;
    this.wishes.forEach((wish) => (wish.current = null));
    this.state.set('connecting');
  }

  private opened(done?: () => void, refuse?: (error: CallError) => void): AutobahnConnection {
    const { protocol, host } = window.location;
    const connection = new autobahn.Connection({
      url: `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/`,
      realm: REALM,
      ...(this.ticket ? shown(this.ticket.principal, () => this.ticket?.secret ?? '') : {}),
      max_retries: -1,
      initial_retry_delay: RETRY_SECONDS.first,
      max_retry_delay: RETRY_SECONDS.most,
    });
    connection.onopen = (session, details) => {
      this.joined(session, details);
      done?.();
    };
    connection.onclose = (reason, details) => {
      const refused = this.left(reason, details);
      if (refused) refuse?.(new CallError(details.reason ?? reason, this.reason()));
      return refused;
    };
    connection.open();
    return connection;
  }

  /** Ask the home; `device` fills the second name of the address. Throws a CallError with a sentence for people. */
  async call<P extends keyof Procedures>(procedure: P, ask: Procedures[P]['ask'], device = ''): Promise<Procedures[P]['answer']> {
    return (await this.callAddress(this.address(procedure, device), ask)) as Procedures[P]['answer'];
  }

  /** The same for an address that only somebody at the keyboard knows. */
  async callAddress(address: string, ask: unknown): Promise<unknown> {
    if (!this.session)
      throw new CallError('offline', $localize`There is no connection to the home at this moment; try again when it is back.`);
    let timer = 0;
    const late = new Promise<never>((_, refuse) => {
      timer = window.setTimeout(() => refuse(TIMEOUT), CALL_SECONDS * 1000);
    });
    try {
      return await Promise.race([this.session.call(address, [ask]), late]);
    } catch (error) {
      throw await inOwnLanguage(callError(error as WampError, address));
    } finally {
      window.clearTimeout(timer);
    }
  }

  /** Hear a topic of the home, now and after each reconnection. What is not as the specification says is not told; the bus page shows it. */
  hear<T extends keyof Topics>(topic: T, handler: Handler<Topics[T]>): Hearing {
    const match = topic.includes('{device}') ? 'wildcard' : 'exact';
    return this.hearAddress(this.address(topic, ''), match, (message, heard, publisher) => {
      if (!this.specification.faultOf(heard, message)) handler(message as Topics[T], heard, publisher);
    });
  }

  /** Hear whatever is published on an address, or below it. */
  hearAddress(address: string, match: Wish['match'], handler: Handler<unknown>): Hearing {
    const wish: Wish = { address, match, handler, current: null, closed: false };
    this.wishes.add(wish);
    void this.fulfil(wish);
    return {
      close: () => {
        wish.closed = true;
        this.wishes.delete(wish);
        void wish.current?.unsubscribe().catch(() => undefined);
      },
    };
  }

  private address(pattern: string, device: string): string {
    return pattern.replace('{home}', this.home()).replace('{device}', device);
  }

  private joined(session: Session, details: Details): void {
    this.session = session;
    const begun = details.authextra?.joulebus_session;
    if (begun && this.ticket) {
      this.ticket = { principal: this.ticket.principal, secret: begun };
      keepTicket(sessionStorage, this.ticket);
    }
    this.number.set(session.id);
    this.principal.set(details.authid ?? '');
    this.role.set((details.authrole ?? '').split('_')[0] ?? '');
    this.state.set('online');
    this.wishes.forEach((wish) => void this.fulfil(wish));
    this.joins.update((count) => count + 1);
  }

  private left(reason: string, details: Details): boolean {
    this.session = null;
    this.wishes.forEach((wish) => (wish.current = null));
    const refused =
      reason === 'closed' && /^(wamp\.error\.(auth|not_auth|cannot_auth)|joulebus\.error\.revoked)/.test(details.reason ?? '');
    this.reason.set((details.message ?? details.reason ?? reason).replace(BEFORE_REASON, ''));
    this.state.set(refused ? 'refused' : 'offline');
    return refused; // True ends the attempts.
  }

  private async fulfil(wish: Wish): Promise<void> {
    const session = this.session;
    if (!session) return;
    const told = (args: unknown[] | undefined, _: unknown, details: Details) =>
      wish.handler(args?.[0], details.topic ?? wish.address, details.publisher_authid ?? '');
    try {
      const current = await session.subscribe(wish.address, told, { match: wish.match });
      if (wish.closed) await current.unsubscribe();
      else if (this.session === session) wish.current = current;
    } catch {
      // The connection went away meanwhile; the next one asks again.
    }
  }
}

function shown(authid: string, secret: () => string): { authid: string; authmethods: string[]; onchallenge: () => string } {
  return { authid, authmethods: ['ticket'], onchallenge: secret };
}
