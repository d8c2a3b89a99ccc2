import { ChangeDetectionStrategy, Component } from '@angular/core';

@Component({ selector: 'jb-compose', changeDetection: ChangeDetectionStrategy.OnPush, template: '<div class="page"><h1>compose</h1></div>' })
export class Compose {}
