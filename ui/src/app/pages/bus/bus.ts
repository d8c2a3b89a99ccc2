import { ChangeDetectionStrategy, Component, computed, DestroyRef, inject, resource, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { Connection } from '../../bus/connection';
import { HomeStore } from '../../bus/home-store';
import { Specification } from '../../bus/specification';
import { Icon } from '../../shared/icon';
import { kindName, lookOf } from '../../shared/kinds';
import { DATES } from '../../shared/language';
import { decimal } from '../../shared/units';
import { inOwnWords } from '../../shared/words';
import { Console } from './console';
import { differences, numbersOf } from './difference';
import { Feed, Message } from './feed';
import { Sessions } from './sessions';
import { ValuePlot } from './value-plot';

const FLUSH_MILLISECONDS = 250;
const SHOWN_MAX = 60;

/** What is said on the bus of this home, and a place to ask. */
@Component({
  selector: 'jb-bus',
  imports: [Console, Icon, RouterLink, Sessions, ValuePlot],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './bus.html',
  styleUrl: './bus.css',
})
export class BusPage {
  private readonly base = `joulebus.${inject(Connection).home()}.`;
  private readonly connection = inject(Connection);
  private readonly store = inject(HomeStore);
  protected readonly decimal = decimal;
  protected readonly feed = new Feed();
  protected readonly isPaused = signal(false);
  protected readonly filter = signal('');
  protected readonly chosen = signal<Message | null>(null);
  protected readonly path = signal('');

  /** A regular expression, or, where it is none, a plain text. */
  private readonly wanted = computed(() => {
    try {
      return new RegExp(this.filter(), 'i');
    } catch {
      return null;
    }
  });
  protected readonly rows = computed(() =>
    this.feed
      .messages()
      .filter((one) => this.fits(one.topic))
      .slice(0, SHOWN_MAX)
      .map((one) => ({ ...one, whole: one, time: one.at.toLocaleTimeString(DATES) })),
  );
  protected readonly tree = computed(() => this.feed.topics().filter(({ topic }) => this.fits(topic)));
  protected readonly detail = computed(() => JSON.stringify(this.chosen()?.body, null, 2) ?? '');
  protected readonly differences = computed(() => {
    const chosen = this.chosen();
    return chosen && chosen.before !== undefined ? differences(chosen.before, chosen.body) : null;
  });
  /** Of whom the chosen message tells, if that is a device of this home. */
  protected readonly device = computed(() => {
    const device = this.store.byName().get(this.chosen()?.topic.split('.')[0] ?? '');
    return device && { name: device.name, label: device.label, kind: kindName(device.kind), look: lookOf(device.kind) };
  });
  private readonly kind = computed(() => this.store.byName().get(this.chosen()?.topic.split('.')[0] ?? '')?.kind);
  private readonly described = resource({
    params: () => this.kind(),
    loader: ({ params }) => this.connection.call('joulebus.{home}.home.kind', { kind: params }),
  });
  /** By path, with what the kind of the device says that it means. */
  protected readonly numbers = computed(() => {
    const { signals = {}, readings = {} } = this.described.hasValue() ? this.described.value() : {};
    const meanings: Readonly<Record<string, string>> = { ...signals, ...readings };
    return numbersOf(this.chosen()?.body).map((path) => {
      const meaning = meanings[path.split('.').at(-1) ?? ''];
      return { path, text: meaning ? `${path}: ${inOwnWords(meaning)}` : path };
    });
  });

  constructor() {
    const specification = inject(Specification);
    const heard = inject(Connection).hearAddress(this.base, 'prefix', (body, topic, publisher) =>
      this.feed.take(topic.slice(this.base.length), body, publisher, specification.faultOf(topic, body)),
    );
    const flush = window.setInterval(() => {
      if (!document.hidden) this.feed.show(this.isPaused());
    }, FLUSH_MILLISECONDS);
    const tick = window.setInterval(() => this.feed.tick(), 1000);
    inject(DestroyRef).onDestroy(() => {
      heard.close();
      window.clearInterval(flush);
      window.clearInterval(tick);
    });
  }

  protected turn(): void {
    this.isPaused.update((paused) => !paused);
    this.feed.show(this.isPaused());
  }

  protected clear(): void {
    this.feed.clear();
    this.chosen.set(null);
  }

  protected choose(message: Message): void {
    if (message.topic !== this.chosen()?.topic) this.path.set('');
    this.chosen.set(message);
  }

  protected async copy(): Promise<void> {
    await navigator.clipboard.writeText(this.detail());
  }

  private fits(topic: string): boolean {
    return this.wanted()?.test(topic) ?? topic.toLowerCase().includes(this.filter().toLowerCase());
  }
}
