import { ChangeDetectionStrategy, Component } from '@angular/core';

@Component({ selector: 'jb-energy', changeDetection: ChangeDetectionStrategy.OnPush, template: '<div class="page"><h1>energy</h1></div>' })
export class Energy {}
