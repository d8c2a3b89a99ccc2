import { ChangeDetectionStrategy, Component } from '@angular/core';

@Component({ selector: 'jb-live', changeDetection: ChangeDetectionStrategy.OnPush, template: '<div class="page"><h1>live</h1></div>' })
export class Live {}
