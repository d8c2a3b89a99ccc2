import { ChangeDetectionStrategy, Component } from '@angular/core';

@Component({ selector: 'jb-bus', changeDetection: ChangeDetectionStrategy.OnPush, template: '<div class="page"><h1>bus</h1></div>' })
export class BusPage {}
