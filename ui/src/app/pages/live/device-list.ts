import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { Device } from '../../bus/home-store';
import { Icon } from '../../shared/icon';
import { lookOf } from '../../shared/kinds';
import { noteOf } from '../../shared/notes';
import { power } from '../../shared/units';

/** Who gives and who takes at this moment, the strongest first; whoever does nothing stays named, in grey. */
@Component({
  selector: 'jb-device-list',
  imports: [Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <ul class="moving">
      @for (row of moving(); track row.name) {
        <li [attr.data-device]="row.name" [attr.data-w]="row.watts">
          <jb-icon [class]="row.look.role" [path]="row.look.icon" />
          <span class="name"
            >{{ row.label }} <small class="quiet">{{ row.note }}</small></span
          >
          <span class="verb quiet small">{{ row.verb }}</span>
          <span class="number">{{ row.text }}</span>
          <span class="bar"><i [class]="row.look.role" [style.width.%]="row.share"></i></span>
        </li>
      }
    </ul>
    @if (idle().length) {
      <p class="idle small">
        @for (row of idle(); track row.name) {
          <span [class.off]="!row.isOn">{{ row.label }}{{ row.note ? ' · ' + row.note : '' }}</span>
        }
      </p>
    }
  `,
  styles: `
    ul {
      list-style: none;
      margin: 0;
      padding: 0;
      display: grid;
      gap: 0.55rem;
    }
    li {
      display: grid;
      grid-template-columns: 22px 1fr auto 5.2em;
      gap: 0.1rem 0.6rem;
      align-items: center;
    }
    li .name {
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    .bar {
      grid-column: 2 / -1;
      height: 4px;
      border-radius: 2px;
      background: var(--raised);
      overflow: hidden;
    }
    .bar i {
      display: block;
      height: 100%;
      border-radius: 2px;
      background: currentColor;
      transition: width 0.4s;
    }
    .idle {
      display: flex;
      flex-wrap: wrap;
      gap: 0.4rem;
      margin-top: 0.9rem;
    }
    .idle span {
      padding: 0.1em 0.6em;
      border-radius: 99px;
      background: var(--raised);
      color: var(--quiet);
    }
    .idle .off {
      text-decoration: line-through;
    }
  `,
})
export class DeviceList {
  readonly devices = input.required<readonly Device[]>();

  private readonly rows = computed(() => {
    const most = Math.max(1, ...this.devices().map((device) => Math.abs(device.watts)));
    return this.devices().map((device) => ({
      name: device.name,
      label: device.label,
      watts: device.watts,
      isOn: device.isOn,
      verb: device.watts < 0 ? $localize`gives` : $localize`takes`,
      look: lookOf(device.kind),
      note: device.isUnserved ? $localize`unserved` : noteOf(device),
      text: power(device.watts),
      share: (100 * Math.abs(device.watts)) / most,
    }));
  });
  protected readonly moving = computed(() =>
    this.rows()
      .filter((row) => row.watts !== 0)
      .sort((a, b) => Math.abs(b.watts) - Math.abs(a.watts) || (a.name < b.name ? -1 : 1)),
  );
  protected readonly idle = computed(() =>
    this.rows()
      .filter((row) => row.watts === 0 && row.look.role !== 'inverter')
      .sort((a, b) => Number(!a.note) - Number(!b.note)),
  );
}
