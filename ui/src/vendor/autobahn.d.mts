/** The part of autobahn-js that the dashboard uses; tools/bundle-autobahn.mjs makes the module. */
export interface Details {
  authid?: string;
  authrole?: string;
  authextra?: { joulebus_session?: string } | null;
  topic?: string;
  /** The session that published, and who that is. */
  publisher?: number;
  publisher_authid?: string;
  reason?: string;
  message?: string;
  will_retry?: boolean;
  retry_delay?: number | null;
}

export interface WampError {
  error: string;
  args?: unknown[];
  kwargs?: Record<string, unknown>;
}

export interface Subscription {
  unsubscribe(): Promise<unknown>;
}

export interface Session {
  readonly id: number;
  call(procedure: string, args: unknown[]): Promise<unknown>;
  subscribe(
    topic: string,
    handler: (args: unknown[] | undefined, kwargs: Record<string, unknown> | undefined, details: Details) => void,
    options?: { match?: string },
  ): Promise<Subscription>;
}

export interface Options {
  url: string;
  realm: string;
  authid?: string;
  authmethods?: string[];
  onchallenge?: () => string;
  max_retries: number;
  initial_retry_delay: number;
  max_retry_delay: number;
}

export interface AutobahnConnection {
  onopen: (session: Session, details: Details) => void;
  onclose: (reason: string, details: Details) => boolean;
  open(): void;
  close(): void;
}

declare const autobahn: { Connection: new (options: Options) => AutobahnConnection };
export default autobahn;
