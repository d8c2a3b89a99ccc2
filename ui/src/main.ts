import { isDevMode } from '@angular/core';
import { bootstrapApplication } from '@angular/platform-browser';
import { App } from './app/app';
import { config } from './app/app.config';
import { takeLink } from './app/bus/ticket';
import { goToOwnLanguage } from './app/shared/language';
import { trustNothing } from './app/shell/trust';

trustNothing(window);
// Before the router looks at the address: a link holds a secret, and must not stay in it.
takeLink(window);
window.addEventListener('hashchange', () => {
  if (takeLink(window)) window.location.reload();
});

// The developers' server has one language.
if (isDevMode() || !goToOwnLanguage(window)) bootstrapApplication(App, config).catch((error: unknown) => console.error(error));
