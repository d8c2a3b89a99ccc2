import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import { Device, HomeStore } from '../../bus/home-store';
import { Tellers } from './tellers';

/** Whose signals a device uses: what dragging from one device to another does on the canvas, without dragging. */
@Component({
  selector: 'jb-hearing',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (tellers().length) {
      <fieldset>
        <legend i18n>Hears</legend>
        @for (one of tellers(); track one.name) {
          <label>
            <input
              type="checkbox"
              [disabled]="!mayChange() || !device().isOn"
              [checked]="one.isHeard"
              (change)="turn(one.name, $any($event.target))"
              [attr.data-hears]="one.name"
            />
            {{ one.label }}
          </label>
        }
      </fieldset>
    }
  `,
  styles: `
    fieldset {
      display: flex;
      flex-wrap: wrap;
      gap: 0.4rem 1rem;
      margin: 0;
      padding: 0;
      border: 0;
    }
    legend {
      padding: 0 0 0.3rem;
      font-weight: 500;
    }
    label {
      display: inline-flex;
      gap: 0.4rem;
      align-items: center;
    }
  `,
})
export class Hearing {
  private readonly store = inject(HomeStore);
  private readonly others = inject(Tellers);
  readonly device = input.required<Device>();
  readonly mayChange = input(false);
  /** All that it is to hear from now on. */
  readonly wanted = output<readonly string[]>();

  protected readonly tellers = computed(() => {
    const heard = this.device().hears ?? [];
    const others = this.store.devices().filter((one) => one.name !== this.device().name);
    return others
      .filter((one) => this.others.mayHear(this.device().kind, one.kind) || heard.includes(one.name))
      .map(({ name, label }) => ({ name, label, isHeard: heard.includes(name) }));
  });

  /** The box shows what the home says, and not what was wished. */
  protected turn(name: string, box: HTMLInputElement): void {
    const heard = this.device().hears ?? [];
    const isWanted = box.checked;
    box.checked = heard.includes(name);
    this.wanted.emit(isWanted ? [...heard, name] : heard.filter((one) => one !== name));
  }
}
