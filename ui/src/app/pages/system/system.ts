import { ChangeDetectionStrategy, Component } from '@angular/core';

@Component({ selector: 'jb-system', changeDetection: ChangeDetectionStrategy.OnPush, template: '<div class="page"><h1>system</h1></div>' })
export class System {}
