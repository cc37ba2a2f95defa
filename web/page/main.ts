import { Installation } from '../pwa/installation.ts';
import { App } from './app.ts';
import { translatePage } from './language.ts';
import { drawWelcome } from './welcome.ts';

translatePage();
drawWelcome();
const installation = new Installation();
new App(() => installation.begin());
