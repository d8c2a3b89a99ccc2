import { Injectable } from '@angular/core';
import { Definitions, faultOf, Schema } from './schema';

interface Events {
  readonly topics: Readonly<Record<string, Schema>>;
  readonly known: Definitions;
}

/** What may be said on the bus. It is loaded when the first page is there; what comes before is believed. */
@Injectable({ providedIn: 'root' })
export class Specification {
  private events: Events | null = null;
  /** Patterns of addresses by their last name, those without `{device}` first. */
  private readonly found = new Map<string, Schema | null>();

  constructor() {
    void import('../../vendor/events.json').then((loaded) => (this.events = loaded.default as unknown as Events));
  }

  /** What in a message is not as the specification says; empty when all of it is, or when its topic is not in it. */
  faultOf(topic: string, message: unknown): string {
    const schema = this.schemaOf(topic);
    return schema && this.events ? faultOf(schema, message, this.events.known) : '';
  }

  private schemaOf(topic: string): Schema | null {
    if (!this.events) return null;
    const [, , owner, event] = topic.split('.');
    const { topics } = this.events;
    let schema = this.found.get(`${owner}.${event}`);
    if (schema === undefined) {
      schema = topics[`joulebus.{home}.${owner}.${event}`] ?? topics[`joulebus.{home}.{device}.${event}`] ?? null;
      this.found.set(`${owner}.${event}`, schema);
    }
    return schema;
  }
}
