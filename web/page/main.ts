import { App } from './app.ts';
import { drawWelcome } from './welcome.ts';

drawWelcome();
new App();
