import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import type { CarProgramProperties } from '@words';
import { HomeStore } from '../../bus/home-store';
import { DeviceForm } from '../../shared/device-form';
import { CarCard } from './car-card';
import { ProgramCard } from './program-card';
import { ProgramLog } from './program-log';
import { carProgramOf, carsOf } from './serving';

/** The cars of a home: how full they are, what is planned for them and why, and what people want of that. */
@Component({
  selector: 'jb-cars',
  imports: [CarCard, ProgramCard],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './cars.html',
  styleUrl: '../../shared/device-page.css',
})
export class CarsPage {
  protected readonly store = inject(HomeStore);
  private readonly all = computed(() =>
    carsOf(this.store.devices())
      .map((one) => one.name)
      .join(),
  );
  /** The same list as long as no car comes or goes. */
  protected readonly cars = computed(() => (this.all() ? this.all().split(',') : []));
  protected readonly programName = computed(() => carProgramOf(this.store.devices())?.name ?? '');
  protected readonly program = new DeviceForm<CarProgramProperties>(this.programName);
  protected readonly log = new ProgramLog(this.programName);
}
